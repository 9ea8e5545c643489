import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { claimCheck, scheduleCheck } from "@/lib/catalog/checks/claim";
import { findLatestCheck } from "@/lib/catalog/checks/queries";
import { findModel } from "@/lib/catalog/queries";
import { startMail } from "@/sandbox/mail";
import { startProviders, type MockProviders } from "@/sandbox/providers";
import { CASES } from "@/sandbox/providers/model-cases";
import { applyCertain, certainOf } from "./apply";
import { mailFindings } from "./daily";
import { checkCatalog } from "./run";

let providers: MockProviders;
let mail: Awaited<ReturnType<typeof startMail>>;

useOwnDatabase();

beforeAll(async () => {
  providers = await startProviders({});
  mail = await startMail();
  vi.stubEnv("ONEKEY_SANDBOX_PROVIDERS", `http://127.0.0.1:${providers.port}`);
  vi.stubEnv("ONEKEY_SANDBOX_MAIL", mail.url);
});
afterAll(async () => {
  await providers.close();
  await mail.close();
});

test("the check finds a new model, a removed one, a changed end and a changed price", async () => {
  const check = await checkCatalog();
  expect(check.providers.map(({ provider, problem }) => [provider, problem])).toEqual([
    ["openai", null],
    ["anthropic", null],
    ["google", null],
    ["xai", null],
  ]);
  expect(check.findings).toMatchObject([
    {
      kind: "ending",
      provider: "openai",
      model: CASES.ending.id,
      patch: { retires: CASES.ending.on },
    },
    { kind: "new", provider: "openai", model: CASES.fresh },
    { kind: "gone", provider: "xai", model: CASES.gone },
    { kind: "price", provider: "anthropic", model: CASES.price.id },
  ]);
  expect(check.findings.at(-1)?.detail).toBe(
    `price list: ${CASES.price.id} output: ours 5, theirs 4`,
  );
  expect(await findLatestCheck()).toEqual(check);
});

test("what is certain is applied as one version, once; what is not stays as it is", async () => {
  const { findings } = await checkCatalog();
  expect(certainOf(findings).map(({ model }) => model)).toEqual([CASES.ending.id]);
  await applyCertain({ by: "usr_operator" });
  expect(findModel(CASES.ending.id)).toMatchObject({
    retires: CASES.ending.on,
    replacedBy: expect.any(String),
  });
  expect(findModel(CASES.fresh)).toBeNull();
  await expect(applyCertain({ by: "usr_operator" })).rejects.toThrow(
    "There is nothing certain to apply.",
  );
  expect((await checkCatalog()).findings.map(({ kind }) => kind)).toEqual(["new", "gone", "price"]);
});

test("operators are sent what is new since the check before, and nothing twice", async () => {
  const check = await checkCatalog();
  const inbox = async () => {
    const messages = (await (await fetch(`${mail.url}/messages`)).json()) as {
      to: string;
      subject: string;
      text: string;
    }[];
    return messages.filter(({ subject }) => subject.includes("catalog check"));
  };
  await mailFindings({ check, before: null });
  expect(await inbox()).toHaveLength(1);
  expect((await inbox())[0]).toMatchObject({
    to: "demo@onekey.local",
    text: expect.stringContaining(CASES.fresh),
  });
  await mailFindings({ check, before: check });
  expect(await inbox()).toHaveLength(1);
});

test("a failing provider is named without its response, and the others are compared", async () => {
  const server: Server = createServer((_, res) =>
    res.writeHead(403).end("our account acc_123 is blocked"),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  (globalThis as { onekeyEnv?: unknown }).onekeyEnv = undefined;
  vi.stubEnv("ONEKEY_SANDBOX_PROVIDERS", `http://127.0.0.1:${port}`);
  const check = await checkCatalog();
  expect(check.providers.map(({ problem }) => problem)).toEqual(
    Array(4).fill("It responded with status 403."),
  );
  expect(check.findings).toEqual([]);
  await new Promise((resolve) => server.close(resolve));
  (globalThis as { onekeyEnv?: unknown }).onekeyEnv = undefined;
  vi.stubEnv("ONEKEY_SANDBOX_PROVIDERS", `http://127.0.0.1:${providers.port}`);
});

test("of many instances one takes the turn of a day, and the next when it is due again", async () => {
  await scheduleCheck(-1);
  const turns = await Promise.all(Array.from({ length: 8 }, () => claimCheck()));
  expect(turns.filter(Boolean)).toHaveLength(1);
  expect(await claimCheck()).toBe(false);
  await scheduleCheck(-1);
  expect(await claimCheck()).toBe(true);
});
