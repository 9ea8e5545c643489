import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { accounts } from "@/lib/accounts/collection";
import { setLimits, type ProjectLimits } from "@/lib/accounts/limits";
import { findByEmail } from "@/lib/accounts/queries";
import { closeDatabase } from "@/lib/db/client";
import {
  messageWith,
  auditProblems,
  chat,
  createCustomer,
  ADAPTERS,
  countReceived,
  releaseResponses,
  waitUntilSettled,
  deployment,
} from "../support/shared-deployment";

const MODEL = "gpt-6-luna";
const hello = { model: MODEL, max_tokens: 50, messages: [{ role: "user", content: "Hello" }] };
const ORIGINS = [deployment.fast, deployment.next];
let email: string;
let key: string;
let accountId: string;
let projectId: string;

// This process is a third one on the database, as a dashboard on another server would be.
beforeAll(() => {
  for (const [name, value] of Object.entries(deployment.environment)) vi.stubEnv(name, value);
});

beforeEach(async () => {
  ({ email, key, project: projectId } = await createCustomer({ credits: "10" }));
  accountId = (await findByEmail(email))?._id ?? "";
  await accounts.updateOne({ _id: accountId }, { $set: { "free.requests": 0 } });
});

afterAll(async () => {
  expect(await auditProblems()).toEqual([]);
  await closeDatabase();
  vi.unstubAllEnvs();
});

const limit = (limits: ProjectLimits) => setLimits({ accountId, projectId, limits });

/** Leaves at least 20 s of the minute that is counted. */
async function earlyInTheMinute(): Promise<void> {
  const elapsedMs = Date.now() % 60_000;
  if (elapsedMs > 40_000) await new Promise((resolve) => setTimeout(resolve, 60_000 - elapsedMs));
}

async function ended(answer: Promise<Response>): Promise<Response> {
  const response = await answer;
  await response.clone().text();
  return response;
}
const message = async (response: Response) =>
  ((await response.json()) as { error: { message: string } }).error.message;

test("requests a minute count across both servers; a refusal says when to retry", async () => {
  await earlyInTheMinute();
  await limit({ requestsPerMinute: 4 });
  const remaining: (string | null)[] = [];
  for (const origin of [...ORIGINS, ...ORIGINS]) {
    const response = await ended(chat(origin, key, hello));
    expect(response.status).toBe(200);
    expect(response.headers.get("x-ratelimit-limit-requests")).toBe("4");
    remaining.push(response.headers.get("x-ratelimit-remaining-requests"));
  }
  expect(remaining).toEqual(["3", "2", "1", "0"]);
  const before = await countReceived();
  for (const origin of ORIGINS) {
    const response = await ended(chat(origin, key, hello));
    expect(response.status).toBe(429);
    const seconds = Number(response.headers.get("retry-after"));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(response.headers.get("x-ratelimit-remaining-requests")).toBe("0");
    expect(response.headers.get("x-ratelimit-reset-requests")).toBe(`${seconds}s`);
    expect(await message(response)).toContain("allows 4 requests a minute");
  }
  expect(await countReceived()).toBe(before);
  await limit({ requestsPerMinute: 5 });
  expect((await ended(chat(deployment.next, key, hello))).status).toBe(200);
  expect((await ended(chat(deployment.fast, key, hello))).status).toBe(429);
  await limit({});
  const free = await ended(chat(deployment.fast, key, hello));
  expect([free.status, free.headers.get("x-ratelimit-limit-requests")]).toEqual([200, null]);
});

test("60 concurrent requests through two servers on 25 a minute: exactly 25 pass", async () => {
  await earlyInTheMinute();
  await limit({ requestsPerMinute: 25 });
  const before = await countReceived();
  const responses = await Promise.all(
    Array.from({ length: 60 }, (_, i) =>
      ended(chat(ORIGINS[i % 2] ?? deployment.fast, key, hello)),
    ),
  );
  const statuses = responses.map((response) => response.status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(25);
  expect(statuses.filter((status) => status === 429)).toHaveLength(35);
  expect((await countReceived()) - before).toBe(25);
});

test("a monthly limit holds across two servers, and what was only held is released", async () => {
  const body = JSON.stringify({
    model: MODEL,
    max_tokens: 1_000,
    messages: [messageWith({ hold: true })],
  });
  // One token a byte at $0.125, as written to the cache, and 1,000 output tokens at $0.50 a million; four of them fit.
  const maxCost = body.length * 125 + 1_000 * 500;
  await limit({ creditsPerMonth: maxCost * 4 });
  const before = await countReceived();
  let refusal: Response | undefined;
  let refusals = 0;
  const statuses = await Promise.all(
    Array.from({ length: 12 }, async (_, i) => {
      const response = await chat(ORIGINS[i % 2] ?? deployment.fast, key, body);
      if (response.status === 429) refusal ??= response.clone();
      // Nothing that was held comes back before each of the others was refused.
      if (response.status === 429 && ++refusals === 8) {
        while ((await countReceived()) - before < 4)
          await new Promise((resolve) => setTimeout(resolve, 20));
        await releaseResponses();
      }
      await response.text();
      return response.status;
    }),
  );
  expect(statuses.filter((status) => status === 200)).toHaveLength(4);
  expect((await countReceived()) - before).toBe(4);
  expect(refusal?.headers.get("x-ratelimit-limit-credits")).toMatch(/^0\.\d{9}$/);
  expect(refusal?.headers.get("retry-after")).toBe("5");
  const { usage } = await waitUntilSettled(email);
  const account = await findByEmail(email);
  const project = account?.projects.find((candidate) => candidate.id === projectId);
  expect(account?.caps.map(({ left }) => left)).toEqual([maxCost * 4 - usage.charged_nano]);
  expect(Object.values(project?.spent ?? {})).toEqual([usage.charged_nano]);
});

describe.each(ADAPTERS)("through %s", (_, origin) => {
  test("a monthly limit that is used up is a 429 until the next month, and says so", async () => {
    await ended(chat(origin, key, hello));
    await waitUntilSettled(email);
    await limit({ creditsPerMonth: 1 });
    const response = await ended(chat(origin, key, hello));
    expect(response.status).toBe(429);
    expect(response.headers.get("x-ratelimit-remaining-credits")).toBe("0.000000000");
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(5);
    expect(await message(response)).toMatch(
      /has 0\.000000000 of 0\.000000001 credits left this month.*wait until 1 \w{3} 20\d\d, 00:00 UTC/,
    );
    await limit({ creditsPerMonth: 1_000_000_000 });
    expect((await ended(chat(origin, key, hello))).status).toBe(200);
  });

  test("a model that the project does not allow is a 403, and is not listed", async () => {
    await limit({ models: [MODEL] });
    expect((await ended(chat(origin, key, hello))).status).toBe(200);
    const before = await countReceived();
    const response = await ended(chat(origin, key, { ...hello, model: "gpt-6-sol" }));
    expect(response.status).toBe(403);
    expect(await message(response)).toContain("does not allow the model gpt-6-sol");
    expect(await countReceived()).toBe(before);
    const list = await fetch(`${origin}/v1/models`, {
      headers: { authorization: `Bearer ${key}` },
    });
    expect(
      ((await list.json()) as { data: { id: string }[] }).data.map((model) => model.id),
    ).toEqual([MODEL]);
  });

  test("a 429 and a 403 come in Anthropic's shape to its clients", async () => {
    await earlyInTheMinute();
    const ask = () =>
      fetch(`${origin}/v1/messages`, {
        method: "POST",
        headers: {
          "x-api-key": key,
          "content-type": "application/json",
          "anthropic-version": "2023-06-01",
        },
        body: JSON.stringify({ ...hello, model: "claude-haiku-4-5" }),
      });
    await limit({ models: [MODEL] });
    const forbidden = await ask();
    expect([
      forbidden.status,
      ((await forbidden.json()) as { error: { type: string } }).error.type,
    ]).toEqual([403, "permission_error"]);
    await limit({ requestsPerMinute: 1 });
    await ended(ask());
    const response = await ask();
    expect([
      response.status,
      ((await response.json()) as { error: { type: string } }).error.type,
    ]).toEqual([429, "rate_limit_error"]);
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
  });
});

test("only listed client addresses are served, by every endpoint", async () => {
  await limit({ addresses: ["127.0.0.0/8"] });
  expect((await ended(chat(deployment.fast, key, hello))).status).toBe(200);
  await limit({ addresses: ["203.0.113.0/24"] });
  const before = await countReceived();
  const response = await ended(chat(deployment.fast, key, hello));
  expect(response.status).toBe(403);
  expect(await message(response)).toContain(
    "does not allow requests from the client address 127.0.0.1",
  );
  for (const path of ["/v1/credits", "/v1/usage", "/v1/models", "/v1/responses/resp_1"]) {
    const response = await fetch(`${deployment.fast}${path}`, {
      headers: { authorization: `Bearer ${key}` },
    });
    expect([path, response.status]).toEqual([path, 403]);
    await response.text();
  }
  // The Next route handler knows no address unless a header that the operator trusts states it.
  const unknown = await ended(chat(deployment.next, key, hello));
  expect(unknown.status).toBe(403);
  expect(await message(unknown)).toContain("does not know the client's address");
  expect(await countReceived()).toBe(before);
});
