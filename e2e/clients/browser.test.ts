import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { chromium, type Browser } from "@playwright/test";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setLimits } from "@/lib/accounts/limits";
import { createFundedAccount } from "../support/own-gateway";
import { createOwnServer } from "../support/own-server";

const CREDIT = 1_000_000_000;
const server = createOwnServer();
/** Set by `npm run test:clients`; empty where there is no Chromium. */
const executablePath = process.env.ONEKEY_CLIENTS_CHROMIUM ?? "";

/** What a website ships: the SDKs, and a function that sends one request with each. */
const SCRIPT = `
  import OpenAI from "openai";
  import Anthropic from "@anthropic-ai/sdk";
  window.send = async (origin, apiKey) => {
    const openai = new OpenAI({ baseURL: origin + "/v1", apiKey, dangerouslyAllowBrowser: true, maxRetries: 0 });
    const anthropic = new Anthropic({ baseURL: origin, apiKey, dangerouslyAllowBrowser: true, maxRetries: 0 });
    const messages = [{ role: "user", content: "Hello" }];
    const statusOf = (call) => call.then(({ response }) => [response.status, response.headers.get("x-onekey-max-cost")], (error) => [error.status, error.message]);
    return [
      await statusOf(openai.chat.completions.create({ model: "gpt-4o-mini", messages }).withResponse()),
      await statusOf(anthropic.messages.create({ model: "claude-haiku-5-5", max_tokens: 100, messages }).withResponse()),
    ];
  };
`;

let website: { origin: string; close(): void };
let browser: Browser;

beforeAll(async () => {
  const stdin = { contents: SCRIPT, resolveDir: import.meta.dirname };
  const bundle = await build({
    stdin,
    bundle: true,
    write: false,
    format: "esm",
    logLevel: "silent",
  });
  const pages = createServer((req, res) => {
    const isScript = req.url === "/script.js";
    res.writeHead(200, { "content-type": isScript ? "text/javascript" : "text/html" });
    res.end(
      isScript ? bundle.outputFiles[0]?.text : '<script type="module" src="/script.js"></script>',
    );
  });
  await new Promise<void>((resolve) => pages.listen(0, "127.0.0.1", resolve));
  const { port } = pages.address() as AddressInfo;
  website = { origin: `http://127.0.0.1:${port}`, close: () => pages.close() };
  if (executablePath) browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
});
afterAll(async () => {
  await browser?.close();
  website.close();
});

test.skipIf(!executablePath)(
  "SDKs in a page of another website are served, unless the project lists others (needs Chromium)",
  async () => {
    const { key, accountId, projectId } = await createFundedAccount({ credits: 5 * CREDIT });
    const page = await browser.newPage();
    await page.goto(website.origin);
    await page.waitForFunction("window.send !== undefined");
    const send = () =>
      page.evaluate(`window.send(${JSON.stringify(server.origin)}, ${JSON.stringify(key)})`);
    const cost = expect.stringMatching(/^\d+\.\d{9}$/);
    const served = [
      [200, cost],
      [200, cost],
    ];
    expect(await send()).toEqual(served);
    await setLimits({ accountId, projectId, limits: { origins: ["https://app.example.com"] } });
    const refused = expect.stringContaining("does not allow requests from the website");
    expect(await send()).toEqual([
      [403, refused],
      [403, refused],
    ]);
    await setLimits({ accountId, projectId, limits: { origins: [website.origin] } });
    expect(await send()).toEqual(served);
  },
);
