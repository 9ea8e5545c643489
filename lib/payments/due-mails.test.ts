import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { findById } from "@/lib/accounts/queries";
import { findOrCreateUser } from "@/lib/auth/users";
import { useOwnDatabase } from "@/lib/db/own-database";
import { listMail } from "@/lib/email/mailbox";
import { post } from "@/lib/ledger/post";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { NANO_PER_CREDIT } from "@/lib/money";
import { startMail } from "@/sandbox/mail";
import { mailDueReceipts } from "./due-mails";

const mail = await startMail();
afterAll(mail.close);

useOwnDatabase(ensureIndexes);
beforeAll(() => {
  delete (globalThis as { onekeyEnv?: unknown }).onekeyEnv;
  vi.stubEnv("ONEKEY_SANDBOX_MAIL", mail.url);
});

test("a purchase, a refund and a refund that failed are mailed once each", async () => {
  const { _id: accountId } = await findOrCreateUser({ email: "mira@example.com" });
  const receipt = { dueAt: new Date(Date.now() - 1_000) };
  const purchase = { accountId, kind: "purchase" as const, amount: 50 * NANO_PER_CREDIT };
  await post({ ...purchase, sourceId: "pi_1", receipt });
  const refund = { accountId, kind: "refund" as const, of: "pi_1", receipt };
  await post({ ...refund, sourceId: "re_1", amount: -10 * NANO_PER_CREDIT });
  const reason = "The refund did not reach the buyer.";
  await post({ ...refund, sourceId: "re_1:failed", amount: 10 * NANO_PER_CREDIT, reason });
  await post({ ...refund, sourceId: "re_2", amount: -50 * NANO_PER_CREDIT });
  // Nothing is left of the purchase.
  await post({ ...refund, sourceId: "re_3", amount: -50 * NANO_PER_CREDIT });
  await Promise.all([mailDueReceipts(), mailDueReceipts()]);
  await mailDueReceipts();
  expect((await listMail()).map(({ subject }) => subject).toSorted()).toEqual([
    "$10.00 of credits were refunded",
    "$50.00 of credits were refunded",
    "A refund of $10.00 failed",
    "Receipt for $50.00 of OneKey credits",
  ]);
  expect((await findById(accountId))?.credits).toBe(0);
});
