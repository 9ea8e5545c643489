import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { accounts } from "@/lib/accounts/collection";
import { setLimits, type ProjectLimits } from "@/lib/accounts/limits";
import { findByEmail } from "@/lib/accounts/queries";
import { closeDatabase } from "@/lib/db/client";
import {
  ask,
  auditProblems,
  chat,
  customer,
  DOORS,
  received,
  release,
  settled,
  stage,
} from "../support/deployment";

const MODEL = "gpt-4o-mini";
const hello = { model: MODEL, max_tokens: 50, messages: [{ role: "user", content: "Hello" }] };
const ORIGINS = [stage.fast, stage.next];
let email: string;
let key: string;
let accountId: string;
let projectId: string;

// This process is a third one on the database, as a dashboard on another server would be.
beforeAll(() => {
  for (const [name, value] of Object.entries(stage.environment)) vi.stubEnv(name, value);
});

beforeEach(async () => {
  ({ email, key, project: projectId } = await customer({ credits: "10" }));
  accountId = (await findByEmail(email))?._id ?? "";
  await (await accounts()).updateOne({ _id: accountId }, { $set: { "free.requests": 0 } });
});

afterAll(async () => {
  expect(await auditProblems()).toEqual([]);
  await closeDatabase();
  vi.unstubAllEnvs();
});

const limit = (limits: ProjectLimits) => setLimits({ accountId, projectId, limits });

/** Leaves at least 20 s of the minute that is counted. */
async function earlyInTheMinute(): Promise<void> {
  const gone = Date.now() % 60_000;
  if (gone > 40_000) await new Promise((resolve) => setTimeout(resolve, 60_000 - gone));
}

async function ended(answer: Promise<Response>): Promise<Response> {
  const response = await answer;
  await response.clone().text();
  return response;
}
const message = async (response: Response) =>
  ((await response.json()) as { error: { message: string } }).error.message;

test("requests a minute are counted across both servers, and the one too many says when to come back", async () => {
  await earlyInTheMinute();
  await limit({ requestsPerMinute: 4 });
  const left: (string | null)[] = [];
  for (const origin of [...ORIGINS, ...ORIGINS]) {
    const answer = await ended(chat(origin, key, hello));
    expect(answer.status).toBe(200);
    expect(answer.headers.get("x-ratelimit-limit-requests")).toBe("4");
    left.push(answer.headers.get("x-ratelimit-remaining-requests"));
  }
  expect(left).toEqual(["3", "2", "1", "0"]);
  const before = await received();
  for (const origin of ORIGINS) {
    const refused = await ended(chat(origin, key, hello));
    expect(refused.status).toBe(429);
    const seconds = Number(refused.headers.get("retry-after"));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(refused.headers.get("x-ratelimit-remaining-requests")).toBe("0");
    expect(refused.headers.get("x-ratelimit-reset-requests")).toBe(`${seconds}s`);
    expect(await message(refused)).toContain("allows 4 requests a minute");
  }
  expect(await received()).toBe(before);
  await limit({ requestsPerMinute: 5 });
  expect((await ended(chat(stage.next, key, hello))).status).toBe(200);
  expect((await ended(chat(stage.fast, key, hello))).status).toBe(429);
  await limit({});
  const free = await ended(chat(stage.fast, key, hello));
  expect([free.status, free.headers.get("x-ratelimit-limit-requests")]).toEqual([200, null]);
});

test("60 at once through two servers on 25 requests a minute: exactly 25 reach the provider", async () => {
  await earlyInTheMinute();
  await limit({ requestsPerMinute: 25 });
  const before = await received();
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, i) => ended(chat(ORIGINS[i % 2] ?? stage.fast, key, hello))),
  );
  const statuses = answers.map((answer) => answer.status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(25);
  expect(statuses.filter((status) => status === 429)).toHaveLength(35);
  expect((await received()) - before).toBe(25);
});

test("a monthly limit holds against two servers at once, and what was only held comes back", async () => {
  const body = JSON.stringify({ model: MODEL, max_tokens: 1_000, messages: [ask({ hold: true })] });
  // One token a byte at $0.15 and 1,000 output tokens at $0.60 a million; room for four of them.
  const worst = body.length * 150 + 1_000 * 600;
  await limit({ creditsPerMonth: worst * 4 });
  const before = await received();
  let refused: Response | undefined;
  let refusals = 0;
  const statuses = await Promise.all(
    Array.from({ length: 12 }, async (_, i) => {
      const answer = await chat(ORIGINS[i % 2] ?? stage.fast, key, body);
      if (answer.status === 429) refused ??= answer.clone();
      // Nothing that was held comes back before each of the others was refused.
      if (answer.status === 429 && ++refusals === 8) {
        while ((await received()) - before < 4)
          await new Promise((resolve) => setTimeout(resolve, 20));
        await release();
      }
      await answer.text();
      return answer.status;
    }),
  );
  expect(statuses.filter((status) => status === 200)).toHaveLength(4);
  expect((await received()) - before).toBe(4);
  expect(refused?.headers.get("x-ratelimit-limit-credits")).toMatch(/^0\.\d{9}$/);
  expect(refused?.headers.get("retry-after")).toBe("5");
  const { usage } = await settled(email);
  const account = await findByEmail(email);
  const project = account?.projects.find((each) => each.id === projectId);
  expect(account?.caps.map(({ left }) => left)).toEqual([worst * 4 - usage.charged_nano]);
  expect(Object.values(project?.spent ?? {})).toEqual([usage.charged_nano]);
});

describe.each(DOORS)("through %s", (_, origin) => {
  test("a monthly limit that is used up is a 429 until the next month, and says so", async () => {
    await ended(chat(origin, key, hello));
    await settled(email);
    await limit({ creditsPerMonth: 1 });
    const refused = await ended(chat(origin, key, hello));
    expect(refused.status).toBe(429);
    expect(refused.headers.get("x-ratelimit-remaining-credits")).toBe("0.000000000");
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(5);
    expect(await message(refused)).toMatch(
      /has 0\.000000000 of 0\.000000001 credits left this month.*wait until 1 \w{3} 20\d\d, 00:00 UTC/,
    );
    await limit({ creditsPerMonth: 1_000_000_000 });
    expect((await ended(chat(origin, key, hello))).status).toBe(200);
  });

  test("a model that the project does not allow is a 403 that names it, and is not listed", async () => {
    await limit({ models: [MODEL] });
    expect((await ended(chat(origin, key, hello))).status).toBe(200);
    const before = await received();
    const refused = await ended(chat(origin, key, { ...hello, model: "gpt-4o" }));
    expect(refused.status).toBe(403);
    expect(await message(refused)).toContain("does not allow the model gpt-4o");
    expect(await received()).toBe(before);
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
    const limited = await ask();
    expect([
      limited.status,
      ((await limited.json()) as { error: { type: string } }).error.type,
    ]).toEqual([429, "rate_limit_error"]);
    expect(Number(limited.headers.get("retry-after"))).toBeGreaterThan(0);
  });
});

test("only listed client addresses are served, by every endpoint", async () => {
  await limit({ addresses: ["127.0.0.0/8"] });
  expect((await ended(chat(stage.fast, key, hello))).status).toBe(200);
  await limit({ addresses: ["203.0.113.0/24"] });
  const before = await received();
  const refused = await ended(chat(stage.fast, key, hello));
  expect(refused.status).toBe(403);
  expect(await message(refused)).toContain(
    "does not allow requests from the client address 127.0.0.1",
  );
  for (const path of ["/v1/credits", "/v1/usage", "/v1/models", "/v1/responses/resp_1"]) {
    const answer = await fetch(`${stage.fast}${path}`, {
      headers: { authorization: `Bearer ${key}` },
    });
    expect([path, answer.status]).toEqual([path, 403]);
    await answer.text();
  }
  // Next's door is told no address unless a header that the operator trusts names it.
  const unknown = await ended(chat(stage.next, key, hello));
  expect(unknown.status).toBe(403);
  expect(await message(unknown)).toContain("does not know the client's address");
  expect(await received()).toBe(before);
});
