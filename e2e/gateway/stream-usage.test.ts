import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchServer, stopAll } from "../support/processes";
import {
  messageWith,
  chat,
  createCustomer,
  listUsage,
  providerRequests,
  waitUntilSettled,
  deployment,
} from "../support/shared-deployment";

const sha256 = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest("hex");
const USAGE = { prompt_tokens: 1_000, completion_tokens: 500, total_tokens: 1_500 };
const MODELS = ["gpt-6-luna", "claude-sonnet-4-6", "gemini-3.5-flash-lite", "grok-4.3"];
let origin = "";

beforeAll(async () => {
  ({ origin } = await launchServer({
    environment: { ...deployment.environment, STREAM_USAGE: "include" },
  }));
});
afterAll(stopAll);

const bodyOf = (directive: Record<string, unknown>, fields: Record<string, unknown> = {}) =>
  JSON.stringify({
    model: "gpt-6-luna",
    max_tokens: 900,
    stream: true,
    messages: [messageWith(directive)],
    ...fields,
  });

/** The stream as the provider sent it: the client's, with the chunk that was taken out put back before the end. */
function withUsageChunk(text: string): string {
  const first = JSON.parse(text.slice("data: ".length, text.indexOf("\n"))) as Record<
    string,
    unknown
  >;
  const chunk = `data: ${JSON.stringify({ ...first, choices: [], usage: USAGE })}\n\n`;
  return text.replace("data: [DONE]", `${chunk}data: [DONE]`);
}

test.each(MODELS)(
  "%s: one field is added to a chat stream, the chunk that answers is taken out, and the bill is exact",
  async (model) => {
    const { key, email } = await createCustomer();
    const body = bodyOf({ usage: USAGE }, { model });
    const response = await chat(origin, key, body, { headers: { "accept-encoding": "gzip, br" } });
    const text = await response.text();
    const { bodySha256, answerSha256, headers } = (await providerRequests()).at(-1) ?? {
      headers: {},
    };
    expect(bodySha256).toBe(sha256(`{"stream_options":{"include_usage":true},${body.slice(1)}`));
    expect(headers).toMatchObject({ "accept-encoding": "identity" });
    expect(text).not.toContain('"choices":[]');
    expect(text).toMatch(/\n\ndata: \[DONE\]\n\n$/);
    expect(answerSha256).toBe(sha256(withUsageChunk(text)));
    await waitUntilSettled(email);
    expect(await listUsage(origin, key)).toMatchObject([
      { usage_source: "provider", ended_by: "complete" },
    ]);
  },
);

test("in 1-byte pieces, with comments and CRLF, nothing else is changed", async () => {
  const { key } = await createCustomer();
  for (const directive of [
    { chunkBytes: 1 },
    { splitUtf8: true },
    { comments: true, crlf: true },
  ]) {
    const text = await (await chat(origin, key, bodyOf({ usage: USAGE, ...directive }))).text();
    const [crlf, lf] = [
      "crlf" in directive,
      text.replaceAll("\r\n", "\n").replaceAll(": keep-alive\n\n", ""),
    ];
    const upstreamBody = withUsageChunk(lf);
    const events = upstreamBody
      .split(/(?<=\n\n)/)
      .map((event) => ("comments" in directive ? `: keep-alive\n\n${event}` : event));
    const streamText = crlf ? events.join("").replaceAll("\n", "\r\n") : events.join("");
    // The chunk was removed, and its comment, a separate event, stayed.
    if (!crlf) expect((await providerRequests()).at(-1)?.answerSha256).toBe(sha256(streamText));
    else expect(text.split(": keep-alive").length).toBe(streamText.split(": keep-alive").length);
    expect(text).not.toContain('"choices":[]');
  }
});

test("a body that asks, declines, does not stream or is compressed passes unchanged", async () => {
  const { key } = await createCustomer();
  const bodies = [
    bodyOf({ usage: USAGE }, { stream_options: { include_usage: true } }),
    bodyOf({ usage: USAGE }, { stream_options: { include_usage: false } }),
    bodyOf({ usage: USAGE }, { stream: false }),
  ];
  for (const body of bodies) {
    const text = await (await chat(origin, key, body)).text();
    expect((await providerRequests()).at(-1)).toMatchObject({
      bodySha256: sha256(body),
      answerSha256: sha256(text),
    });
  }
  const gzipBody = gzipSync(bodyOf({ usage: USAGE }));
  const text = await (
    await chat(origin, key, gzipBody, { headers: { "content-encoding": "gzip" } })
  ).text();
  expect((await providerRequests()).at(-1)).toMatchObject({
    bodySha256: sha256(gzipBody),
    answerSha256: sha256(text),
  });
});

test("the security page of such a server says so, and that of another does not", async () => {
  const sentence = "The operator of this server has chosen one exception";
  expect(await (await fetch(`${origin}/security`)).text()).toContain(sentence);
  expect(await (await fetch(`${deployment.fast}/security`)).text()).not.toContain(sentence);
});
