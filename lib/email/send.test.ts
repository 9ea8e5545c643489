import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { leaveSandbox } from "@/lib/db/testing/leave-sandbox";
import { startMail } from "../../sandbox/mail";
import { emptyMailbox, hasMailbox, listMail } from "./mailbox";
import { emailConfigured, sendEmail } from "./send";

const mock = await startMail();
afterAll(mock.close);

function setEnvironment(variables: Record<string, string>) {
  delete (globalThis as { onekeyEnv?: unknown }).onekeyEnv;
  vi.unstubAllEnvs();
  vi.stubEnv("ONEKEY_DATA_DIR", mkdtempSync(path.join(tmpdir(), "onekey-email-")));
  leaveSandbox();
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}

beforeEach(() => setEnvironment({ ONEKEY_SANDBOX_MAIL: mock.url }));

test("in the sandbox a mail reaches the mailbox and nobody else", async () => {
  await emptyMailbox();
  await sendEmail({ to: "mira@example.com", subject: "First", text: "1" });
  await sendEmail({ to: "mira@example.com", subject: "Second", text: "2", html: "<p>2</p>" });
  expect(hasMailbox()).toBe(true);
  expect((await listMail()).map(({ to, subject, html }) => ({ to, subject, html }))).toEqual([
    { to: "mira@example.com", subject: "Second", html: "<p>2</p>" },
    { to: "mira@example.com", subject: "First", html: null },
  ]);
  await emptyMailbox();
  expect(await listMail()).toEqual([]);
});

test("a mail that is refused is an error that says so, and nothing of it is logged", async () => {
  const stdout = vi.spyOn(process.stdout, "write");
  const sending = sendEmail({
    to: "x@refused.onekey.local",
    subject: "a subject",
    text: "a secret text",
  });
  await expect(sending).rejects.toMatchObject({
    code: "unavailable",
    message: /could not be sent/,
  });
  const lines = stdout.mock.calls.map(([line]) => String(line)).join("");
  stdout.mockRestore();
  expect(lines).toContain("email.refused");
  expect(lines).not.toMatch(/secret|subject|refused\.onekey/);
});

test("a mail that nobody takes is the same error", async () => {
  setEnvironment({ ONEKEY_SANDBOX_MAIL: "http://127.0.0.1:9" });
  await expect(sendEmail({ to: "a@example.com", subject: "s", text: "t" })).rejects.toMatchObject({
    code: "unavailable",
  });
});

test("without settings there is no mail, and live has no mailbox", async () => {
  setEnvironment({
    ONEKEY_MODE: "live",
    OPENAI_API_KEY: "sk-1",
    CONTACT_EMAIL: "help@example.com",
  });
  expect(emailConfigured()).toBe(false);
  expect(hasMailbox()).toBe(false);
  await expect(sendEmail({ to: "a@example.com", subject: "s", text: "t" })).rejects.toMatchObject({
    code: "unavailable",
  });
});
