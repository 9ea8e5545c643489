import { spawn } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { WebhookEventType } from "@/lib/webhook-endpoints/schema";
import { eventBody, eventJsonSchemas, eventSchema } from "@/lib/webhooks/event-schemas";
import { postBody } from "@/lib/webhooks/post";
import { newSalt, signedHeaders, signingSecret } from "@/lib/webhooks/signing";
import { sampleEvents } from "@/lib/webhooks/testing/sample-events";

const folder = path.join(process.cwd(), "app/(site)/docs/webhooks");
const page = await readFile(path.join(folder, "page.mdx"), "utf8");
const examples = new Map(
  [...page.matchAll(/^### (\S+)\n[^]*?^```json\n([^]*?)\n```/gm)].map(
    ([, type = "", json = ""]) => [type, json],
  ),
);
const script = path.join(folder, "snippet.test-run.mjs");
afterAll(() => rm(script, { force: true }));

test("the page shows every event once, as the server builds it", () => {
  const types = [...WebhookEventType.options, "test.ping"];
  expect([...examples.keys()].toSorted()).toEqual(types.toSorted());
  expect(sampleEvents.map(({ type }) => type).toSorted()).toEqual(types.toSorted());
  for (const event of sampleEvents)
    expect(examples.get(event.type), event.type).toBe(
      JSON.stringify(JSON.parse(eventBody(event)), null, 2),
    );
});

test("every event has a JSON Schema, which lists each field of its example", () => {
  const schemas = eventJsonSchemas() as Record<
    string,
    { properties: { data: { properties: object; additionalProperties: boolean } } }
  >;
  for (const { type, data } of sampleEvents) {
    const schema = schemas[type]?.properties.data;
    expect(Object.keys(schema?.properties ?? {})).toEqual(
      expect.arrayContaining(Object.keys(data)),
    );
    expect(schema?.additionalProperties).toBe(false);
  }
});

test("a field that a schema does not list, such as content, is an error and not sent", () => {
  for (const event of sampleEvents) {
    const body = JSON.parse(eventBody(event)) as { data: object };
    const withContent = { ...body, data: { ...body.data, prompt: "secret" } };
    expect(eventSchema(event.type).safeParse(withContent).success, event.type).toBe(false);
  }
});

test("the TypeScript server of the page takes a signed event and refuses another", async () => {
  const [, code = ""] = /^```ts\n([^]*?)^```/m.exec(page) ?? [];
  await writeFile(script, code);
  const salt = newSalt();
  const endpoint = { _id: "whe_docs", secrets: [{ salt, createdAt: new Date(0) }] };
  const port = await freePort();
  const server = spawn(process.execPath, [script], {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: "test",
      PORT: String(port),
      ONEKEY_WEBHOOK_SECRET: signingSecret({ endpointId: "whe_docs", salt }),
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [event] = sampleEvents;
    const body = event ? eventBody(event) : "";
    const headers = signedHeaders({ endpoint, id: "msg_1", payload: body, now: Date.now() });
    const url = `http://127.0.0.1:${port}/`;
    await expect
      .poll(async () => (await postBody({ url, headers, body })).status, { timeout: 20_000 })
      .toBe(204);
    expect(await postBody({ url, headers, body: body.replace("usr_", "usr-") })).toMatchObject({
      status: 400,
    });
  } finally {
    server.kill();
  }
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}
