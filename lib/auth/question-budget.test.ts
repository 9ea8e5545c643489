import { beforeEach, expect, test } from "vitest";
import { createAccount } from "@/lib/accounts/create";
import { findById } from "@/lib/accounts/queries";
import type { Account } from "@/lib/accounts/schema";
import { QUESTION_BYTES_MAX } from "@/lib/assistant/schema";
import { now, setClock } from "@/lib/clock";
import { useOwnDatabase } from "@/lib/db/own-database";
import type { AppError } from "@/lib/errors";
import { post } from "@/lib/ledger/post";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { spendQuestion } from "./question-budget";

useOwnDatabase(ensureIndexes);

const HOUR_MS = 3_600_000;
let count = 0;
let day = 0;

const setTime = (ms: number) => {
  const at = performance.now();
  setClock({ databaseTime: new Date(ms), askedAt: at, answeredAt: at });
};
beforeEach(() => setTime(Date.UTC(2032, 0, ++day, 1)));

async function account({ credits = 0 } = {}): Promise<Account> {
  const { _id } = await createAccount({ email: `asks${++count}@example.com` });
  if (credits > 0)
    await post({ sourceId: `grt_${count}`, accountId: _id, kind: "grant", amount: credits });
  return (await findById(_id)) as Account;
}

/** How many of so many questions are taken, in time with the hourly limit, and the last refusal. */
async function ask({
  from,
  questions,
  bytes,
}: {
  from: Account;
  questions: number;
  bytes: number;
}) {
  let acceptedCount = 0;
  let refusal: AppError | null = null;
  for (let i = 0; i < questions; i++) {
    if (i % 20 === 19) setTime(now() + HOUR_MS);
    try {
      await spendQuestion({ account: from, bytes });
      acceptedCount++;
    } catch (error) {
      refusal = error as AppError;
    }
  }
  return { taken: acceptedCount, refusal };
}

test("an account with credits asks 50 questions a day; the error says when to retry", async () => {
  const from = await account({ credits: 1_000 });
  const { taken: acceptedCount, refusal } = await ask({ from, questions: 60, bytes: 100 });
  expect(acceptedCount).toBe(50);
  expect(refusal).toMatchObject({ code: "rate_limited", status: 429 });
  expect(refusal?.message).toMatch(
    /^The assistant answers 50 questions a day\. Ask again in 20 h\.$/,
  );
  expect(Number(refusal?.headers["retry-after"])).toBeGreaterThan(19 * 3_600);
  setTime(Date.UTC(2032, 0, ++day, 1));
  expect((await ask({ from, questions: 1, bytes: 100 })).taken).toBe(1);
});

test("an account that spent all it bought keeps the full budget", async () => {
  const emptyAccount = { ...(await account({ credits: 1_000 })), credits: 0 };
  expect((await ask({ from: emptyAccount, questions: 8, bytes: 100 })).taken).toBe(8);
});

test("an account without credits and without a purchase asks five questions a day", async () => {
  const { taken: acceptedCount, refusal } = await ask({
    from: await account(),
    questions: 9,
    bytes: 100,
  });
  expect(acceptedCount).toBe(5);
  expect(refusal?.message).toContain("5 questions a day before the first purchase");
});

test("the conversations of a day are limited in bytes, and a shorter question fits", async () => {
  const from = await account({ credits: 1_000 });
  const { taken: acceptedCount, refusal } = await ask({ from, questions: 45, bytes: 60_000 });
  expect(acceptedCount).toBe(34);
  expect(refusal?.message).toContain("2,048 KiB for today");
  expect((await ask({ from, questions: 1, bytes: 500 })).taken).toBe(1);
  const free = await ask({ from: await account(), questions: 5, bytes: QUESTION_BYTES_MAX });
  expect(free.taken).toBe(3);
});

test("questions at the same moment do not exceed the budget", async () => {
  const from = await account();
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, () => spendQuestion({ account: from, bytes: 10 })),
  );
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
});
