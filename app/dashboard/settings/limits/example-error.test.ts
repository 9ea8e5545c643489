import { expect, test } from "vitest";
import { NANO_PER_CREDIT } from "@/lib/money";
import { exampleError } from "./example-error";
import type { LimitRow, LimitShare } from "./limit-rows";

const NOW = Date.parse("2026-11-24T14:33:00Z");
const row = (kind: LimitRow["kind"], name: string, shares: Partial<LimitShare>[]): LimitRow => ({
  id: name,
  kind,
  name,
  note: null,
  href: "",
  limits: {},
  isLast: false,
  shares: shares.map((share) => ({
    window: "month",
    limit: 25 * NANO_PER_CREDIT,
    chargedCredits: 0,
    heldCredits: 0,
    ...share,
  })),
});

test("the example is of the limit with the least left, with its figures and its reset", () => {
  const error = exampleError(
    [
      row("account", "Fieldnote", [{ limit: 120 * NANO_PER_CREDIT }]),
      row("project", "evals", [
        { chargedCredits: 24_500_000_000, heldCredits: 35_808_000 },
        { window: "requests", limit: 10, chargedCredits: 10 },
      ]),
    ],
    NOW,
  );
  expect(error).toMatchObject({
    status: 429,
    limit: "project_month",
    headers: {
      "retry-after": "552420",
      "x-ratelimit-limit-credits": "25.000000000",
      "x-ratelimit-remaining-credits": "0.464192000",
      "x-ratelimit-reset-credits": "552420s",
    },
  });
  expect(error?.message).toBe(
    'The project "evals" has 0.464192000 of 25.000000000 credits left this month and this request can cost up to 0.520000000. Send a smaller request, raise the limit, or wait until 1 Dec 2026, 00:00 UTC.',
  );
});

test("a limit in total is a 402 that no wait helps, and without a limit of credits there is none", () => {
  const totalCap = { window: "total" as const, chargedCredits: 25 * NANO_PER_CREDIT };
  expect(exampleError([row("key", "import", [totalCap])], NOW)).toMatchObject({
    status: 402,
    limit: "key_total",
  });
  expect(exampleError([row("key", "import", [{ window: "tokens" }])], NOW)).toBeNull();
});
