// Longer than 300 lines: one list, which a test compares with the files and titles that it names.

import type { DeploymentPart } from "./facts";

export interface SecurityClaim {
  /** The claim in a few words, which are also the title of the test that proves it, or the end of it. */
  name: string;
  /** Where in the source it can be checked. */
  files: string[];
  /** The file of the test. */
  test: string;
  /** Said only once that part is there. */
  part?: DeploymentPart;
}

const gateway = "e2e/gateway/claims.test.ts";
const page = "e2e/browser/security-page.spec.ts";

/** What each section of the page claims. A test fails when a file or a title named here is not there. */
export const claims: Record<string, SecurityClaim[]> = {
  assistant: [
    {
      name: "the assistant answers from its tools, and nothing of the conversation is kept",
      files: ["lib/assistant/converse.ts", "lib/assistant/tools.ts"],
      test: "e2e/browser/assistant.spec.ts",
      part: "assistant",
    },
    {
      name: "the assistant’s tools read the account of the session, whatever a model asks for",
      files: ["lib/assistant/tools.ts", "app/api/assistant/answer-question.ts"],
      test: "e2e/browser/assistant.spec.ts",
      part: "assistant",
    },
  ],
  path: [
    {
      name: "the provider receives the client’s bytes, and the client the provider’s",
      files: ["lib/gateway/upstream/forward.ts", "lib/gateway/response/relay.ts"],
      test: "e2e/gateway/bytes.test.ts",
    },
    {
      name: "a canary in prompts, tool calls, bad JSON and errors is in no file and no log",
      files: ["lib/gateway/handle.ts", "lib/log.ts"],
      test: "e2e/faults/crash.test.ts",
    },
    {
      name: "no key, a mistyped key and a foreign key",
      files: ["lib/gateway/upstream/headers.ts", "lib/accounts/hold.ts"],
      test: "e2e/gateway/refusals.test.ts",
    },
    {
      name: "revoked and regenerated keys are refused by the next request on both servers",
      files: ["lib/accounts/hold.ts", "lib/keys/key-list.ts"],
      test: "e2e/gateway/money.test.ts",
    },
    {
      name: "a request that cannot be priced is refused, not repaired",
      files: ["lib/gateway/body-scan/index.ts", "lib/gateway/pricing/quote.ts"],
      test: gateway,
    },
    {
      name: "OneKey's headers are not forwarded, and the provider's are not returned",
      files: ["lib/gateway/upstream/headers.ts"],
      test: "e2e/gateway/bytes.test.ts",
    },
  ],
  row: [
    {
      name: "the record on the page has the fields of the schema, and no other",
      files: ["lib/usage/schema.ts"],
      test: page,
    },
    {
      name: "a stored row has the fields of the schema, and no other",
      files: ["lib/usage/schema.ts", "lib/gateway/settlement/settle.ts"],
      test: gateway,
    },
    {
      name: "the database forgets rows, ids and sessions after as many days as the page says",
      files: [
        "lib/usage/collection.ts",
        "lib/stored-responses/ids.ts",
        "lib/sessions/collection.ts",
      ],
      test: page,
    },
    {
      name: "a stream without usage is estimated, and never costs more than was held",
      files: ["lib/gateway/meter/estimate.ts", "lib/gateway/settlement/settle.ts"],
      test: gateway,
    },
  ],
  stored: [
    {
      name: "frozen days replace expired rows for months, also after days without a pass",
      files: ["lib/usage/roll-up.ts"],
      test: "lib/usage/roll-up.test.ts",
    },
    {
      name: "every collection of the database is on the page",
      files: ["app/(site)/security/stored.ts"],
      test: page,
    },
    {
      name: "every field of an account is on the page",
      files: ["lib/accounts/schema.ts", "app/(site)/security/stored.ts"],
      test: page,
    },
    {
      name: "a foreign id of a stored response is as unknown as a missing one",
      files: ["lib/stored-responses/ids.ts"],
      test: gateway,
    },
  ],
  trust: [
    {
      name: "three new accounts of one network have free requests, whatever their number",
      files: ["lib/accounts/daily-grants.ts"],
      test: "lib/accounts/daily-grants.test.ts",
      part: "signIn",
    },
    {
      name: "free requests that a daily limit withheld come with the first purchase, once",
      files: ["lib/ledger/post.ts"],
      test: "lib/auth/returning-person.test.ts",
      part: "signIn",
    },
    {
      name: "20 requests are free, the next without credits is a 402, and the books balance",
      files: ["lib/accounts/schema.ts", "lib/accounts/hold.ts"],
      test: "e2e/gateway/money.test.ts",
    },
    {
      name: "500 concurrent requests on ten maximum costs: exactly ten reach the provider",
      files: ["lib/accounts/hold.ts"],
      test: "e2e/gateway/money.test.ts",
    },
  ],
  transit: [
    {
      name: "a base URL is https unless its host is loopback",
      files: ["lib/env/values.ts"],
      test: "lib/env/env.test.ts",
    },
    {
      name: "every page refuses frames, and asks for https for two years where it has it",
      files: ["lib/http/page-headers.ts"],
      test: "lib/http/page-headers.test.ts",
    },
    {
      name: "a script runs only with the nonce of its page, whatever is set up",
      files: ["lib/http/page-headers.ts", "proxy.ts"],
      test: "lib/http/page-headers.test.ts",
    },
    {
      name: "no public page breaks its policy or has inline code without a nonce",
      files: ["lib/http/page-headers.ts"],
      test: "e2e/browser/csp.spec.ts",
    },
    {
      name: "the gateway's responses have none of the pages' headers",
      files: ["proxy.ts", "server/index.ts"],
      test: gateway,
    },
  ],
  keys: [
    {
      name: "a key is stored as a digest and a preview, and is in no file",
      files: ["lib/ids.ts", "lib/keys/create.ts"],
      test: gateway,
    },
    {
      name: "no key, a mistyped key and a foreign key",
      files: ["lib/ids.ts"],
      test: "e2e/gateway/refusals.test.ts",
    },
  ],
  signin: [
    {
      name: "no page but sign-in sets a cookie, and reading the site leaves none",
      files: ["lib/auth/session.ts"],
      test: page,
    },
    {
      name: "a mailed link leads to the dashboard, and no raw token is in the database",
      files: ["lib/auth/cookies.ts", "lib/sessions/links.ts"],
      test: "e2e/browser/sign-in.spec.ts",
      part: "signIn",
    },
    {
      name: "One Tap: Google's script is loaded by the click and not before, and its cookies go too",
      files: ["app/(account)/sign-in/one-tap.tsx", "lib/auth/cookies.ts"],
      test: "e2e/browser/sign-in.spec.ts",
      part: "signIn",
    },
    {
      name: "a session lasts seven days, and its row holds no token",
      files: ["lib/sessions/create.ts", "lib/sessions/schema.ts"],
      test: "lib/sessions/sign-in.test.ts",
      part: "signIn",
    },
    {
      name: "an expired link or session is refused before the database has purged it",
      files: ["lib/sessions/queries.ts", "lib/sessions/links.ts"],
      test: "lib/sessions/sign-in.test.ts",
      part: "signIn",
    },
    {
      name: "of many concurrent uses of a link, one succeeds",
      files: ["lib/sessions/links.ts"],
      test: "lib/sessions/sign-in.test.ts",
      part: "signIn",
    },
  ],
  analytics: [
    {
      name: "before consent no request reaches Google and no cookie is set",
      files: ["components/site/consent.tsx"],
      test: "e2e/browser/consent.spec.ts",
      part: "analytics",
    },
    {
      name: "with consent denied no request reaches Google",
      files: ["components/site/consent.tsx"],
      test: "e2e/browser/consent.spec.ts",
      part: "analytics",
    },
    {
      name: "Tag Manager loads with consent; withdrawn, it is gone with its cookies",
      files: ["components/site/consent.tsx"],
      test: "e2e/browser/consent.spec.ts",
      part: "analytics",
    },
    {
      name: "without analytics set up no page asks another host for anything",
      files: ["app/layout.tsx"],
      test: "e2e/browser/consent.spec.ts",
    },
  ],
  payments: [
    {
      name: "each webhook twice, ten concurrently, in reversed order: credited once",
      files: ["lib/payments/cards/stripe-webhook.ts", "lib/ledger/post.ts"],
      test: "e2e/payments/stripe.test.ts",
      part: "cards",
    },
    {
      name: "a bad or missing signature, a changed body and an old timestamp are refused",
      files: ["lib/payments/cards/stripe-webhook.ts"],
      test: "e2e/payments/stripe.test.ts",
      part: "cards",
    },
    {
      name: "a transfer reported many times concurrently is credited once",
      files: ["lib/transfers/open.ts", "lib/ledger/post.ts"],
      test: "e2e/payments/chain.test.ts",
      part: "crypto",
    },
    {
      name: "a token that only looks like an accepted one is refused",
      files: ["lib/payments/chain/classify-transfer.ts"],
      test: "e2e/payments/chain.test.ts",
      part: "crypto",
    },
    {
      name: "one wallet belongs to one account",
      files: ["lib/wallets/schema.ts"],
      test: "e2e/payments/chain-wallets.test.ts",
      part: "crypto",
    },
    {
      name: "only the credits page connects to the relay, and only after the choice",
      files: ["lib/http/page-headers.ts", "components/billing/crypto-choose.tsx"],
      test: "e2e/browser/wallet-connect.spec.ts",
      part: "crypto",
    },
    {
      name: "a phone's wallet scans, links and pays; the page sends the relay nothing about it",
      files: ["components/billing/wallet-connect-client.ts"],
      test: "e2e/browser/wallet-connect.spec.ts",
      part: "crypto",
    },
  ],
  deletion: [
    {
      name: "a suspended person who deletes the account and comes back is suspended",
      files: ["lib/accounts/person-digests.ts", "lib/accounts/create.ts"],
      test: "lib/auth/returning-person.test.ts",
      part: "signIn",
    },
    {
      name: "a negative balance comes back as a debt, once, and the books balance",
      files: ["lib/auth/take-over-debts.ts", "lib/ledger/post.ts"],
      test: "lib/auth/returning-person.test.ts",
      part: "signIn",
    },
    {
      name: "an account deleted during a request is refused, settled, then only figures",
      files: ["lib/auth/delete-account.ts"],
      test: "lib/auth/delete-account.test.ts",
      part: "signIn",
    },
    {
      name: "a payment reported after its account was deleted is credited without the payer",
      files: ["lib/payments/credit-purchase.ts"],
      test: "lib/payments/credit-purchase.test.ts",
      part: "cards",
    },
  ],
  infra: [
    {
      name: "the infrastructure on the page is that of the deployment",
      files: ["app/(site)/security/facts.ts"],
      test: page,
    },
  ],
  providers: [
    {
      name: "every provider of the catalogue has its policy on the page, and no other",
      files: ["lib/providers/index.ts"],
      test: page,
    },
  ],
};
