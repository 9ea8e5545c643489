import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { MongoClient } from "mongodb";
import { embeddedUri } from "@onekey/embedded-mongo/client";
import type { ApiKey } from "@/lib/keys/schema";
import { UsageRow } from "@/lib/usage/schema";
import type { Customer } from "../support/cli";
import {
  messageWith,
  chat,
  createCustomer,
  ADAPTERS,
  countReceived,
  waitUntilSettled,
  deployment,
} from "../support/shared-deployment";

/** What the security page claims of the gateway and no other test is named after. */

const MODEL = "gpt-6-luna";
const hello = (fields: Record<string, unknown> = {}) => ({
  model: MODEL,
  max_tokens: 50,
  messages: [{ role: "user", content: "Hello" }],
  ...fields,
});

async function withDatabase<T>(
  work: (db: ReturnType<MongoClient["db"]>) => Promise<T>,
): Promise<T> {
  const serverUri = deployment.environment.ONEKEY_SANDBOX_MONGODB_URI;
  const uri = serverUri ?? embeddedUri(path.join(deployment.dataDir, "sandbox"));
  const client = await new MongoClient(uri).connect();
  try {
    // The address of a server names the deployment's database.
    return await work(client.db(serverUri ? undefined : "onekey"));
  } finally {
    await client.close();
  }
}

const rowsOf = ({ project }: Customer) =>
  withDatabase((db) => db.collection("usage").find({ projectId: project }).toArray());

describe.each(ADAPTERS)("through %s", (_, origin) => {
  test("a request that cannot be priced is refused, not repaired", async () => {
    const { key, email } = await createCustomer({ credits: "1" });
    const before = await countReceived();
    for (const body of [
      hello({ model: "gpt-unheard-of" }),
      hello({ service_tier: "invented" }),
      `{"model":"${MODEL}","model":"gpt-6-sol","messages":[]}`,
      `{"mod\\u0065l":"${MODEL}","messages":[]}`,
    ]) {
      const response = await chat(origin, key, body);
      await response.text();
      expect([400, 404]).toContain(response.status);
    }
    expect(await countReceived()).toBe(before);
    expect(await waitUntilSettled(email)).toMatchObject({ freeRequests: 20, usage: { rows: 0 } });
  });

  test("a stored row has the fields of the schema, and no other", async () => {
    const customer = await createCustomer({ credits: "1" });
    await (await chat(origin, customer.key, hello())).text();
    await (await chat(origin, customer.key, hello({ stream: true }))).text();
    await (
      await chat(origin, customer.key, hello({ messages: [messageWith({ status: 400 })] }))
    ).text();
    await waitUntilSettled(customer.email);
    const rows = await rowsOf(customer);
    expect(rows).toHaveLength(3);
    for (const row of rows) {
      expect(UsageRow.strict().safeParse(row).error).toBeUndefined();
      const requiredFields = Object.entries(UsageRow.shape).filter(
        ([, field]) => !field.isOptional(),
      );
      expect(Object.keys(row)).toEqual(
        expect.arrayContaining(requiredFields.map(([name]) => name)),
      );
    }
  });

  test("a stream without usage is estimated, and never costs more than was held", async () => {
    const customer = await createCustomer({ credits: "1" });
    for (let i = 0; i < 20; i++) await (await chat(origin, customer.key, hello())).text();
    const before = await waitUntilSettled(customer.email);
    const body = JSON.stringify(
      hello({
        stream: true,
        max_tokens: 8,
        messages: [messageWith({ noUsage: true, chunks: 400 })],
      }),
    );
    await (await chat(origin, customer.key, body)).text();
    const cost = before.credits_nano - (await waitUntilSettled(customer.email)).credits_nano;
    const row = (await rowsOf(customer)).find(({ stream }) => stream === true);
    expect(row).toMatchObject({ usageSource: "estimated", cost });
    expect(cost).toBeGreaterThan(0);
    // One token a byte at $0.125, as written to the cache, and 8 output tokens at $0.50 a million is all that was held.
    expect(cost).toBeLessThanOrEqual(body.length * 125 + 8 * 500);
  });

  test("a foreign id of a stored response is as unknown as a missing one", async () => {
    const [owner, stranger] = [await createCustomer(), await createCustomer()];
    const respond = (key: string, fields: Record<string, unknown> = {}) =>
      fetch(`${origin}/v1/responses`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: JSON.stringify({ model: MODEL, max_output_tokens: 50, input: "Hello", ...fields }),
      });
    const { id } = (await (await respond(owner.key)).json()) as { id: string };
    await waitUntilSettled(owner.email);
    const response = await fetch(`${origin}/v1/responses/${id}`, {
      headers: { authorization: `Bearer ${owner.key}` },
    });
    expect(response.status).toBe(200);
    const errorFor = async (responseId: string) => {
      const response = await respond(stranger.key, { previous_response_id: responseId });
      return {
        status: response.status,
        text: (await response.text()).replaceAll(responseId, "ID"),
      };
    };
    const foreign = await errorFor(id);
    expect(foreign.status).toBe(404);
    expect(foreign).toEqual(await errorFor("resp_never_was"));
    const documents = await withDatabase((db) => db.collection("stored").find().toArray());
    expect(documents.length).toBeGreaterThan(0);
    expect(JSON.stringify(documents)).not.toContain(id);
  });

  test("the gateway's responses have none of the pages' headers", async () => {
    const { key } = await createCustomer();
    for (const response of [
      await chat(origin, key, hello()),
      await chat(origin, key, hello({ stream: true })),
      await chat(origin, "", hello()),
      await fetch(`${origin}/v1/models`, { headers: { authorization: `Bearer ${key}` } }),
    ]) {
      await response.text();
      for (const name of [
        "content-security-policy",
        "strict-transport-security",
        "x-frame-options",
        "permissions-policy",
      ])
        expect(response.headers.has(name), name).toBe(false);
      expect(response.headers.get("content-encoding")).toBeNull();
    }
  });
});

test("a key is stored as a digest and a preview, and is in no file", async () => {
  const { key, project } = await createCustomer();
  await (await chat(deployment.fast, key, hello())).text();
  const storedKey = await withDatabase((db) =>
    db.collection<ApiKey>("keys").findOne({ projectId: project }),
  );
  const keyRecord = storedKey?.secrets[0] ?? { digest: "", preview: "", createdAt: new Date() };
  expect(Object.keys(keyRecord).toSorted()).toEqual(["createdAt", "digest", "preview"]);
  expect(keyRecord.digest).toMatch(/^[\w-]{43}$/);
  expect(String(keyRecord.preview).length).toBeLessThan(key.length / 2);
  const secret = key.slice("sk-onekey-".length, -6);
  for (const entry of await readdir(deployment.dataDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    expect((await readFile(file)).includes(secret), file).toBe(false);
  }
});
