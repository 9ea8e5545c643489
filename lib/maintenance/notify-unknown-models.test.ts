import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { listUnknownModels } from "@/lib/catalog/unknown-models/queries";
import { recordUnknownModel } from "@/lib/catalog/unknown-models/record";
import { unknownModels } from "@/lib/catalog/unknown-models/collection";
import { closeDatabase } from "@/lib/db/client";
import { emptyMailbox, listMail } from "@/lib/email/mailbox";
import { startMail } from "../../sandbox/mail";
import { notifyUnknownModels } from "./notify-unknown-models";

const mail = await startMail();
const memory = globalThis as { onekeyEnv?: unknown; "onekey.unknownModels"?: unknown };

beforeAll(() => {
  delete memory.onekeyEnv;
  vi.stubEnv("ONEKEY_DATA_DIR", mkdtempSync(path.join(tmpdir(), "onekey-unknown-")));
  vi.stubEnv("ONEKEY_SANDBOX_MAIL", mail.url);
  vi.stubEnv("OPERATOR_EMAILS", "ops@example.com");
});
afterAll(async () => {
  await closeDatabase();
  await mail.close();
  vi.unstubAllEnvs();
});
beforeEach(async () => {
  await unknownModels.deleteMany({});
  delete memory["onekey.unknownModels"];
  await emptyMailbox();
});

const pair = { provider: "openai", model: "gpt-6-sol", servedModel: "gpt-6-sol-turbo" };

test("operators get one mail for each served model that the catalog does not know", async () => {
  await recordUnknownModel(pair);
  await recordUnknownModel(pair);
  await Promise.all([notifyUnknownModels(), notifyUnknownModels()]);
  await recordUnknownModel(pair);
  await notifyUnknownModels();
  const [notice, ...otherMails] = await listMail();
  expect(otherMails).toEqual([]);
  expect(notice).toMatchObject({ to: "ops@example.com" });
  expect(notice?.subject).toBe("gpt-6-sol-turbo is not in the catalog");
  expect(notice?.text.replace(/\s+/g, " ")).toContain(
    "at the price of the model that was asked for",
  );
  expect(await listUnknownModels()).toMatchObject([pair]);
});

test("a model that the catalog knows by now is not listed", async () => {
  await recordUnknownModel({ ...pair, servedModel: "gpt-6-luna" });
  expect(await listUnknownModels()).toEqual([]);
});

test("what is no id of a model is not kept", async () => {
  await recordUnknownModel({ ...pair, servedModel: "a sentence of the response" });
  expect(await listUnknownModels()).toEqual([]);
});

test("a mail that fails is sent the next time", async () => {
  vi.stubEnv("OPERATOR_EMAILS", "a@refused.onekey.local");
  delete memory.onekeyEnv;
  await recordUnknownModel(pair);
  await notifyUnknownModels();
  expect(await listMail()).toEqual([]);
  vi.stubEnv("OPERATOR_EMAILS", "ops@example.com");
  delete memory.onekeyEnv;
  await notifyUnknownModels();
  expect(await listMail()).toHaveLength(1);
});
