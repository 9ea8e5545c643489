import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { MongoClient } from "mongodb";
import { embeddedUri } from "@onekey/embedded-mongo/client";
import type { ApiKey } from "@/lib/keys/schema";
import { UsageRow } from "@/lib/usage/schema";
import {
  ask,
  chat,
  customer,
  DOORS,
  received,
  settled,
  stage,
  type Customer,
} from "../support/deployment";

/** What the security page claims of the gateway and no other test is named after. */

const MODEL = "gpt-4o-mini";
const hello = (more: Record<string, unknown> = {}) => ({
  model: MODEL,
  max_tokens: 50,
  messages: [{ role: "user", content: "Hello" }],
  ...more,
});

async function withDatabase<T>(
  work: (db: ReturnType<MongoClient["db"]>) => Promise<T>,
): Promise<T> {
  const client = await new MongoClient(embeddedUri(path.join(stage.dataDir, "sandbox"))).connect();
  try {
    return await work(client.db("onekey"));
  } finally {
    await client.close();
  }
}

const rowsOf = ({ project }: Customer) =>
  withDatabase((db) => db.collection("usage").find({ projectId: project }).toArray());

describe.each(DOORS)("through %s", (_, origin) => {
  test("a request that cannot be priced is refused, not repaired", async () => {
    const { key, email } = await customer({ credits: "1" });
    const before = await received();
    for (const body of [
      hello({ model: "gpt-unheard-of" }),
      hello({ service_tier: "invented" }),
      `{"model":"${MODEL}","model":"gpt-4o","messages":[]}`,
      `{"mod\\u0065l":"${MODEL}","messages":[]}`,
    ]) {
      const answer = await chat(origin, key, body);
      await answer.text();
      expect([400, 404]).toContain(answer.status);
    }
    expect(await received()).toBe(before);
    expect(await settled(email)).toMatchObject({ freeRequests: 20, usage: { rows: 0 } });
  });

  test("a stored row has the fields of the schema, and no other", async () => {
    const made = await customer({ credits: "1" });
    await (await chat(origin, made.key, hello())).text();
    await (await chat(origin, made.key, hello({ stream: true }))).text();
    await (await chat(origin, made.key, hello({ messages: [ask({ status: 400 })] }))).text();
    await settled(made.email);
    const rows = await rowsOf(made);
    expect(rows).toHaveLength(3);
    for (const row of rows) {
      expect(UsageRow.strict().safeParse(row).error).toBeUndefined();
      const required = Object.entries(UsageRow.shape).filter(([, field]) => !field.isOptional());
      expect(Object.keys(row)).toEqual(expect.arrayContaining(required.map(([name]) => name)));
    }
  });

  test("a stream without usage is estimated, says so in its row, and never costs more than was held", async () => {
    const made = await customer({ credits: "1" });
    for (let i = 0; i < 20; i++) await (await chat(origin, made.key, hello())).text();
    const before = await settled(made.email);
    const body = JSON.stringify(
      hello({ stream: true, max_tokens: 8, messages: [ask({ noUsage: true, chunks: 400 })] }),
    );
    await (await chat(origin, made.key, body)).text();
    const cost = before.credits_nano - (await settled(made.email)).credits_nano;
    const row = (await rowsOf(made)).find(({ stream }) => stream === true);
    expect(row).toMatchObject({ usageSource: "estimated", cost });
    expect(cost).toBeGreaterThan(0);
    // One token a byte at $0.15 and 8 output tokens at $0.60 a million is all that was held.
    expect(cost).toBeLessThanOrEqual(body.length * 150 + 8 * 600);
  });

  test("a foreign id of a stored response is as unknown as a missing one", async () => {
    const [owner, other] = [await customer(), await customer()];
    const respond = (key: string, more: Record<string, unknown> = {}) =>
      fetch(`${origin}/v1/responses`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: JSON.stringify({ model: MODEL, max_output_tokens: 50, input: "Hello", ...more }),
      });
    const { id } = (await (await respond(owner.key)).json()) as { id: string };
    await settled(owner.email);
    const own = await fetch(`${origin}/v1/responses/${id}`, {
      headers: { authorization: `Bearer ${owner.key}` },
    });
    expect(own.status).toBe(200);
    const told = async (named: string) => {
      const answer = await respond(other.key, { previous_response_id: named });
      return { status: answer.status, text: (await answer.text()).replaceAll(named, "ID") };
    };
    const foreign = await told(id);
    expect(foreign.status).toBe(404);
    expect(foreign).toEqual(await told("resp_never_was"));
    const stored = await withDatabase((db) => db.collection("stored").find().toArray());
    expect(stored.length).toBeGreaterThan(0);
    expect(JSON.stringify(stored)).not.toContain(id);
  });

  test("the gateway's answers carry none of the pages' headers", async () => {
    const { key } = await customer();
    for (const answer of [
      await chat(origin, key, hello()),
      await chat(origin, key, hello({ stream: true })),
      await chat(origin, "", hello()),
      await fetch(`${origin}/v1/models`, { headers: { authorization: `Bearer ${key}` } }),
    ]) {
      await answer.text();
      for (const name of [
        "content-security-policy",
        "strict-transport-security",
        "x-frame-options",
        "permissions-policy",
      ])
        expect(answer.headers.has(name), name).toBe(false);
      expect(answer.headers.get("content-encoding")).toBeNull();
    }
  });
});

test("a key is stored as a digest and a preview, and is in no file", async () => {
  const { key, project } = await customer();
  await (await chat(stage.fast, key, hello())).text();
  const storedKey = await withDatabase((db) =>
    db.collection<ApiKey>("keys").findOne({ projectId: project }),
  );
  const stored = storedKey?.secrets[0] ?? { digest: "", preview: "", createdAt: new Date() };
  expect(Object.keys(stored).toSorted()).toEqual(["createdAt", "digest", "preview"]);
  expect(stored.digest).toMatch(/^[\w-]{43}$/);
  expect(String(stored.preview).length).toBeLessThan(key.length / 2);
  const secret = key.slice("sk-onekey-".length, -6);
  for (const entry of await readdir(stage.dataDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    expect((await readFile(file)).includes(secret), file).toBe(false);
  }
});
