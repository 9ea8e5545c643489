import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createAccount } from "@/lib/accounts/create";
import { findById } from "@/lib/accounts/queries";
import { setAlert } from "@/lib/accounts/settings";
import { useOwnDatabase } from "@/lib/db/own-database";
import { listMail } from "@/lib/email/mailbox";
import { startMail } from "../../sandbox/mail";
import { grantCredits } from "./grant";
import { sendLowBalanceAlerts } from "./low-balance";

const mail = await startMail();
const CREDIT = 1_000_000_000;

useOwnDatabase();
beforeAll(() => {
  delete (globalThis as { onekeyEnv?: unknown }).onekeyEnv;
  vi.stubEnv("ONEKEY_SANDBOX_MAIL", mail.url);
});
afterAll(() => mail.close());

test("the low-balance mail comes once for each crossing, also from two processes", async () => {
  const { _id: accountId } = await createAccount({ email: "low@example.com" });
  const grant = (credits: number) =>
    grantCredits({ accountId, amount: credits * CREDIT, reason: "test", operator: null });
  /** Two servers reach it in the same moment. */
  const countMails = async () => {
    await Promise.all([sendLowBalanceAlerts(), sendLowBalanceAlerts()]);
    return (await listMail()).length;
  };
  await grant(20);
  await setAlert({ accountId, threshold: 10 * CREDIT });
  expect(await countMails()).toBe(0);
  await grant(-15);
  expect(await countMails()).toBe(1);
  expect((await listMail())[0]).toMatchObject({
    to: "low@example.com",
    subject: "Your OneKey balance is below $10.00",
  });
  await grant(-1);
  expect(await countMails()).toBe(1);
  await grant(50);
  expect(await countMails()).toBe(1);
  expect((await findById(accountId))?.alert?.armed).toBe(true);
  await grant(-50);
  expect(await countMails()).toBe(2);
});
