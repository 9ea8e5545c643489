import { notFound } from "next/navigation";
import type { z } from "zod";
import type { FormAction, FormEntries, FormState } from "@/components/ui/form-state";
import type { Account } from "@/lib/accounts/schema";
import { requireAccount } from "@/lib/auth/session";
import { AppError } from "@/lib/errors";

interface ActionRules<Schema extends z.ZodType, Result> {
  schema: Schema;
  /**
   * Returns the account that submits the form; redirects or returns a 404 for others. The signed-in account by default.
   */
  authorize?: () => Promise<Account>;
  run: (account: Account, input: z.output<Schema>) => Promise<Result>;
}

/** Creates the server action of a form: authorize, parse, run. Fields that are not in the schema are dropped. */
export function formAction<Schema extends z.ZodType, Result>(
  rules: ActionRules<Schema, Result>,
): FormAction<Result> {
  return async (_state, form) => {
    const entries = formEntries(form);
    const state = await runAction(rules, entries);
    return state.result === undefined ? { ...state, entered: entries } : state;
  };
}

/**
 * Authorizes, parses and runs. Returns an error for every invalid field. Another account's resource is the same 404 as
 * a missing one. An AppError becomes a message at its field; other errors are thrown.
 */
export async function runAction<Schema extends z.ZodType, Result>(
  { schema, authorize = requireAccount, run }: ActionRules<Schema, Result>,
  input: unknown,
): Promise<FormState<Result>> {
  const account = await authorize();
  const parseResult = schema.safeParse(input);
  if (!parseResult.success) return { errors: fieldErrors(parseResult.error) };
  try {
    return { result: await run(account, parseResult.data), errors: {} };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === "not_found") notFound();
    return { errors: { [error.param ?? "form"]: error.message } };
  }
}

/** The first issue of each field. */
function fieldErrors(error: z.ZodError): FormState["errors"] {
  return Object.fromEntries(
    error.issues.toReversed().map((issue) => [String(issue.path[0] ?? "form"), issue.message]),
  );
}

function formEntries(form: FormData): FormEntries {
  const names = new Set([...form.keys()].filter((name) => !name.startsWith("$ACTION")));
  return Object.fromEntries(
    [...names].map((name) => {
      const values = form.getAll(name).filter((value) => typeof value === "string");
      return [name, values.length === 1 ? (values[0] ?? "") : values];
    }),
  );
}
