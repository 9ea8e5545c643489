import type { CredentialProblem } from "./schema";

type ProblemText = { label: string; description: string; advice: string };

/** What an operator reads of a problem with our credential or account. */
const CREDENTIAL_PROBLEMS: Record<CredentialProblem, ProblemText> = {
  invalid_key: {
    label: "API key rejected",
    description: "it does not accept the API key.",
    advice: "Put a valid key into the environment and restart the server.",
  },
  no_credits: {
    label: "no credits",
    description: "the account has no credits left, or its billing is not active.",
    advice: "Add credits at the provider.",
  },
  spend_limit: {
    label: "spend limit reached",
    description: "the account reached a spend or usage limit.",
    advice: "Raise the limit at the provider.",
  },
  account_disabled: {
    label: "account disabled",
    description: "the account or its key is disabled or suspended.",
    advice: "Contact the provider.",
  },
  no_access: {
    label: "no access",
    description: "the API key may not be used from this server, or not for this API.",
    advice: "Check the restrictions of the key and the region of the server.",
  },
};

const isProblem = (problem: string): problem is CredentialProblem =>
  Object.hasOwn(CREDENTIAL_PROBLEMS, problem);

/** The texts of a problem as a heartbeat states it: another version of the server may know others. */
export const problemText = (problem: string): ProblemText =>
  CREDENTIAL_PROBLEMS[isProblem(problem) ? problem : "invalid_key"];
