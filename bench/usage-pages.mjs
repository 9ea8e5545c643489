// The usage page over many rows: how long each view takes, from the embedded database to the last byte of HTML.
import { createHash, randomBytes } from "node:crypto";
import { MongoClient } from "mongodb";
import { median } from "./figures.mjs";
import { startDeployment } from "./deployment.mjs";

const BATCH = 5_000;
const DAY_MS = 86_400_000;
const DAYS = 89;
const ROUNDS = 7;
const SWEEP_TRIES = 5;
const MODELS = [
  ["claude-sonnet-5-5", "anthropic"],
  ["gpt-6.1-sol", "openai"],
  ["gemini-3.8-flash", "google"],
  ["grok-4.7", "xai"],
  ["claude-haiku-5-5", "anthropic"],
  ["gpt-4o-mini", "openai"],
  ["gpt-5-mini", "openai"],
];
const VIEWS = {
  "30 days by model": "",
  "the last hour by the minute": "?range=hour",
  "today by the hour": "?range=1",
  "3 days by the hour": "?range=3",
  "90 days": "?range=90",
  "90 days by key": "?range=90&by=key",
  "90 days of one key": "?range=90&key=key_bench1",
  "90 days by endpoint": "?range=90&by=endpoint&measure=tokens",
  "90 days, latency by provider": "?range=90&measure=latency&by=provider",
  "90 days, errors by ending": "?range=90&measure=errors&by=ending",
  "90 days, first byte of one model": "?range=90&measure=first-byte&model=grok-4.7",
  "90 days, what the provider failed": "?range=90&ended=provider_error&measure=errors",
};

/** Prints the median time of each view over so many rows of one account; returns the slowest, in milliseconds. */
export async function usagePages({ count, say }) {
  const deployment = await startDeployment({
    names: ["fast"],
    accounts: 1,
    isPinnedToCores: false,
  });
  const client = await new MongoClient(deployment.databaseUri).connect();
  try {
    const db = client.db("onekey");
    const account = await db.collection("accounts").findOne({ email: "bench-0@example.com" });
    const now = Date.now() - 1_000;
    for (let from = 0; from < count; from += BATCH)
      await db.collection("usage").insertMany(
        Array.from({ length: Math.min(BATCH, count - from) }, (_, i) =>
          rowOf({
            account,
            n: from + i,
            at: now - Math.floor(((from + i) * DAYS * DAY_MS) / count),
          }),
        ),
      );
    await db.collection("rollups").deleteMany({});
    await sumUp(deployment);
    const token = randomBytes(32).toString("base64url");
    await db.collection("sessions").insertOne({
      _id: createHash("sha256").update(token).digest("hex"),
      accountId: account._id,
      createdAt: new Date(),
      expires: new Date(Date.now() + DAY_MS),
      method: "email",
      userAgent: "bench",
    });
    const origin = `http://127.0.0.1:${deployment.targets.fast.ports[0]}`;
    const pages = {
      ...Object.fromEntries(
        Object.entries(VIEWS).map(([name, query]) => [name, `/dashboard/usage${query}`]),
      ),
      overview: "/dashboard",
      "one request": `/dashboard/usage/req_bench${"0".repeat(17)}`,
    };
    let slowest = 0;
    for (const [name, path] of Object.entries(pages)) {
      const times = [];
      for (let round = 0; round <= ROUNDS; round++) {
        const startedAt = performance.now();
        const response = await fetch(`${origin}${path}`, {
          headers: { cookie: `next-auth.session-token=${token}` },
        });
        await response.text();
        if (response.status !== 200) throw new Error(`${path}: ${response.status}`);
        // The first one compiles what the view needs.
        if (round > 0) times.push(performance.now() - startedAt);
      }
      slowest = Math.max(slowest, median(times));
      say(`  ${name.padEnd(36)} ${median(times).toFixed(0).padStart(5)} ms`);
    }
    for (const [name, collection, filter] of [
      ["rows", "usage", { accountId: account._id, at: { $gte: new Date(now - 30 * DAY_MS) } }],
      [
        "days",
        "insightdays",
        { accountId: account._id, at: { $gte: new Date(now - 90 * DAY_MS) } },
      ],
      [
        "hours",
        "insighthours",
        { accountId: account._id, at: { $gte: new Date(now - 3 * DAY_MS) } },
      ],
    ])
      say(`  ${name}: ${await indexOf(db.collection(collection).find(filter).sort({ at: -1 }))}`);
    return slowest;
  } finally {
    await client.close();
    await deployment.close();
  }
}

/** Sums the rows up. A database that has just taken so many may be too busy for a command's connection. */
async function sumUp(deployment) {
  for (let tries = 0; ; tries++)
    try {
      return await deployment.onekey("sweep");
    } catch (error) {
      if (tries === SWEEP_TRIES) throw error;
    }
}

/** The stages of a query's plan, where the server explains it. */
async function indexOf(cursor) {
  try {
    const steps = [];
    const { queryPlanner } = await cursor.explain("queryPlanner");
    for (let at = queryPlanner.winningPlan; at; at = at.inputStage)
      steps.push(at.indexName ? `${at.stage} ${at.indexName}` : at.stage);
    return steps.join(" < ");
  } catch (error) {
    return `the embedded database does not explain (${error.codeName ?? error.message}); lib/usage/indexes.test.ts shows its plans`;
  }
}

function rowOf({ account, n, at }) {
  const [model, provider] = MODELS[(n * 7 + (n >> 3)) % MODELS.length];
  const hasFailed = n % 97 === 13;
  return {
    _id: n === 0 ? `req_bench${"0".repeat(17)}` : `req_bench${String(n).padStart(17, "0")}`,
    accountId: account._id,
    projectId: n % 3 === 0 ? account.projects[0].id : `prj_bench${n % 3}`,
    keyId: `key_bench${n % 4}`,
    at: new Date(at),
    model,
    provider,
    channel: `${provider}-1`,
    endpoint: n % 3 === 0 ? "messages" : "chat.completions",
    stream: n % 2 === 0,
    status: hasFailed ? 529 : 200,
    endedBy: hasFailed ? "provider_error" : n % 41 === 7 ? "client_left" : "complete",
    tokens: {
      input: 800 + ((n * 37) % 6_000),
      cacheRead: n % 3 === 0 ? 0 : 5_600,
      cacheWrite5m: 0,
      cacheWrite1h: 0,
      output: 300 + ((n * 13) % 900),
      reasoning: 0,
    },
    cost: hasFailed ? 0 : 21_000_000 + (n % 997),
    free: false,
    latencyMs: 400 + ((n * 31) % 4_000),
    firstByteMs: 200 + (n % 300),
    usageSource: "provider",
  };
}
