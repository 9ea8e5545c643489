import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { startProviders } from "@/sandbox/providers";
import { stopAll } from "../support/processes";
import type { AccountSummary } from "../support/cli";
import { messageWith } from "../support/shared-deployment";
import { Deployment } from "../support/deployment";
import { pick, randomOf } from "./random";

const MINUTES = Number(process.env.ONEKEY_SOAK_MINUTES ?? 1);
const SEED = Number(process.env.ONEKEY_SOAK_SEED ?? Math.floor(Math.random() * 2 ** 31));
const CLIENTS = 16;
const CANARY = "canary-soak-51b7e2";

afterAll(stopAll);

const directives = [
  {},
  {},
  {},
  { delayMs: 40 },
  { chunks: 20, chunkDelayMs: 20 },
  { status: 500 },
  { status: 429, retryAfter: 1 },
  { status: 400, quote: true },
  { noUsage: true },
  { cutAfterChunks: 2 },
  { dropConnection: true },
  { wrongJson: true },
  { crlf: true, comments: true },
] as const satisfies [Record<string, unknown>, ...Record<string, unknown>[]];

type SoakCall = {
  path: string;
  headers: (key: string) => Record<string, string>;
  body: (message: ReturnType<typeof messageWith>) => unknown;
};
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const calls: [SoakCall, ...SoakCall[]] = [
  {
    path: "/v1/chat/completions",
    headers: bearer,
    body: (m) => ({ model: "gpt-6-luna", max_tokens: 60, messages: [m] }),
  },
  {
    path: "/v1/chat/completions",
    headers: bearer,
    body: (m) => ({ model: "grok-4.3", stream: true, max_tokens: 60, messages: [m] }),
  },
  {
    path: "/v1/responses",
    headers: bearer,
    body: (m) => ({ model: "gpt-6-luna", stream: true, max_output_tokens: 60, input: m.content }),
  },
  {
    path: "/v1/messages",
    headers: (key) => ({ "x-api-key": key, "anthropic-version": "2023-06-01" }),
    body: (m) => ({ model: "claude-sonnet-4-6", stream: true, max_tokens: 60, messages: [m] }),
  },
  {
    path: "/v1beta/models/gemini-3.5-flash-lite:streamGenerateContent?alt=sse",
    headers: (key) => ({ "x-goog-api-key": key }),
    body: (m) => ({
      contents: [{ role: "user", parts: [{ text: m.content }] }],
      generationConfig: { maxOutputTokens: 60 },
    }),
  },
];

test(
  `${MINUTES} minutes of load with random faults from the seed ${SEED}: every request is settled once, and the books balance all along`,
  async () => {
    const random = randomOf(SEED);
    const providers = await startProviders({});
    const deployment = await Deployment.open(["a", "b"], {
      ONEKEY_SANDBOX_PROVIDERS: `http://127.0.0.1:${providers.port}`,
      SHUTDOWN_GRACE_MS: "3000",
    });
    const customers = await Promise.all(
      Array.from({ length: 4 }, () => deployment.operator.createCustomer({ credits: "50" })),
    );
    const until = Date.now() + MINUTES * 60_000;
    const endings: Record<string, number> = {};
    /** A key that no fault was replacing, and was refused: never. */
    const refusals: string[] = [];
    let replacing = "";
    let lastFault = "none yet";
    const faults: Record<string, number> = {};
    let audits = 0;
    const count = (tally: Record<string, number>, name: string) =>
      void (tally[name] = (tally[name] ?? 0) + 1);

    const client = async () => {
      while (Date.now() < until) {
        const customer = pick(random, customers as [(typeof customers)[0], ...typeof customers]);
        const { key, project } = customer;
        const call = pick(random, calls);
        const server = pick(random, ["a", "b"]);
        const patience =
          random() < 0.15
            ? AbortSignal.timeout(Math.floor(20 + random() * 300))
            : AbortSignal.timeout(60_000);
        try {
          const response = await fetch(`${deployment.origin(server)}${call.path}`, {
            method: "POST",
            headers: { "content-type": "application/json", ...call.headers(key) },
            body: JSON.stringify(call.body(messageWith(pick(random, directives), CANARY))),
            signal: patience,
          });
          await response.arrayBuffer();
          count(endings, String(response.status));
          if (response.status === 401 && customer.key === key && replacing !== project)
            refusals.push(`at ${new Date().toISOString()} by ${server}, after ${lastFault}`);
        } catch (error) {
          count(endings, patience.aborted ? "left" : "cut");
          if (!patience.aborted) await sleep(50);
          void error;
        }
      }
    };

    /** Both servers refuse a replaced key immediately; the providers' request counts do not change. */
    const replaceKey = async () => {
      const customer = pick(random, customers as [(typeof customers)[0], ...typeof customers]);
      const old = customer.key;
      replacing = customer.project;
      customer.key = String(
        (await deployment.operator.onekey("key", "regenerate", "--project", customer.project)).key,
      );
      for (const name of ["a", "b"]) {
        const response = await fetch(`${deployment.origin(name)}/v1/credits`, {
          headers: bearer(old),
        }).catch(() => null);
        if (response) expect([401, 500, 503]).toContain(response.status);
      }
      replacing = "";
    };

    const chaos = async () => {
      while (Date.now() < until) {
        await sleep(4_000 + random() * 4_000);
        const server = pick(random, ["a", "b"]);
        const fault = pick(random, [
          "kill a server",
          "stop a server",
          "kill the database",
          "replace a key",
          "grant",
        ]);
        count(faults, fault);
        lastFault = `${fault} ${server} at ${new Date().toISOString()}`;
        if (fault === "kill a server") await deployment.stopServer(server, "SIGKILL");
        if (fault === "stop a server")
          expect(await deployment.stopServer(server, "SIGTERM")).toBe(0);
        if (fault.endsWith("a server")) await deployment.startServer(server);
        if (fault === "kill the database") {
          await deployment.stopDatabase("SIGKILL");
          await sleep(500 + random() * 1_500);
          await deployment.startDatabase();
        }
        if (fault === "replace a key") await replaceKey();
        if (fault === "grant")
          await deployment.operator.onekey(
            "credits",
            "grant",
            "--email",
            pick(random, customers as [(typeof customers)[0]]).email,
            "--amount",
            "0.000000001",
            "--reason",
            "soak",
          );
      }
    };

    const auditor = async () => {
      while (Date.now() < until) {
        await sleep(5_000);
        const problems = await deployment.operator.auditProblems().catch(() => null);
        if (problems === null) continue;
        audits++;
        expect(problems).toEqual([]);
      }
    };

    await Promise.all([...Array.from({ length: CLIENTS }, client), chaos(), auditor()]);

    // Holds of killed servers are anybody's after 30 s of silence.
    let accounts: AccountSummary[] = [];
    for (const last = Date.now() + 75_000; Date.now() < last;) {
      await sleep(1_000);
      accounts = (await Promise.all(
        customers.map(({ email }) =>
          deployment.operator.onekey("account", "show", "--email", email),
        ),
      )) as AccountSummary[];
      if (accounts.every(({ holds }) => holds.length === 0)) break;
    }
    expect(accounts.map(({ holds }) => holds)).toEqual(customers.map(() => []));
    expect(await deployment.operator.auditProblems()).toEqual([]);
    const rows = accounts.reduce((sum, { usage }) => sum + usage.rows, 0);
    const providerCount = Object.values(providers.counts()).reduce((sum, count) => sum + count, 0);
    const sum = Object.values(endings).reduce((total, count) => total + count, 0);
    console.log(
      `seed ${SEED}: ${sum} requests in ${MINUTES} min, ended ${JSON.stringify(endings)}; faults ${JSON.stringify(faults)}; ` +
        `${providerCount} reached a provider, ${rows} rows; ${audits} audits while it ran`,
    );
    expect(refusals).toEqual([]);
    // What reached a provider has a row; a row beyond that is of a request that failed before it was sent.
    expect(rows).toBeGreaterThanOrEqual(providerCount);
    expect(audits).toBeGreaterThan(0);
    expect(endings["200"]).toBeGreaterThan(100);
    expect(await deployment.contains(CANARY)).toBe(false);
    await deployment.close();
    await providers.close();
  },
  (MINUTES * 60 + 180) * 1_000,
);
