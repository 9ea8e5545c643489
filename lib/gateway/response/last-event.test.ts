import { once } from "node:events";
import { request } from "node:http";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { listRows } from "@/lib/usage/queries";
import { readAccount } from "../upstream/testing/accounts";
import { createCustomer, startGateway, useMockUpstream } from "../upstream/testing/gateway";
import { startMockUpstream, withDirective } from "../upstream/testing/mock-upstream";

const upstream = await startMockUpstream();
useMockUpstream(upstream, "first");
useOwnDatabase(ensureIndexes);
let gateway: Awaited<ReturnType<typeof startGateway>>;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

/** The time that a provider leaves its connection open after the last event. */
const OPEN_MS = 400;

/** Streams a request whose client closes its connection as soon as it has seen the last event, and returns its row. */
async function leaveAfter(lastEvent: string, { path, body, events }: StreamCase) {
  const { key, accountId } = await createCustomer();
  const text = withDirective({ events, eventDelayMs: OPEN_MS });
  const req = request(`${gateway.origin}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
  });
  req.on("error", () => {});
  req.end(JSON.stringify(body(text)));
  const [response] = await once(req, "response");
  let received = "";
  for await (const chunk of response) {
    received += String(chunk);
    if (received.includes(lastEvent)) break;
  }
  req.destroy();
  const projectId = (await readAccount(accountId)).projects[0]?.id ?? "";
  return vi.waitFor(
    async () => {
      const [row] = (await listRows({ projectId, limit: 1 })).rows;
      expect(row).toBeDefined();
      return row;
    },
    { timeout: 20_000, interval: 20 },
  );
}

type StreamCase = { path: string; body: (text: string) => object; events: unknown[] };

const usage = { input_tokens: 9, output_tokens: 4, total_tokens: 13 };
const message = (content: string) => [{ role: "user", content }];

/** Codex, Claude Code and others close their connection at the last event, often before the provider has. */
test.each<[string, StreamCase]>([
  [
    "response.completed",
    {
      path: "/v1/responses",
      body: (input) => ({ model: "gpt-6-luna", stream: true, input }),
      events: [
        { type: "response.output_text.delta", delta: "Hi" },
        { type: "response.completed", response: { id: "resp_1", status: "completed", usage } },
      ],
    },
  ],
  [
    "message_stop",
    {
      path: "/v1/messages",
      body: (text) => ({
        model: "claude-haiku-5-5",
        max_tokens: 50,
        stream: true,
        messages: message(text),
      }),
      events: [
        { type: "message_start", message: { usage } },
        { type: "message_delta", delta: { stop_reason: "end_turn" }, usage },
        { type: "message_stop" },
      ],
    },
  ],
  [
    "[DONE]",
    {
      path: "/v1/chat/completions",
      body: (text) => ({ model: "gpt-6-luna", stream: true, messages: message(text) }),
      events: [
        { choices: [{ index: 0, delta: { content: "Hi" }, finish_reason: null }] },
        { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
        "[DONE]",
      ],
    },
  ],
  [
    "STOP",
    {
      path: "/v1beta/models/gemini-3.8-flash:streamGenerateContent?alt=sse",
      body: (text) => ({ contents: [{ parts: [{ text }] }] }),
      events: [
        {
          candidates: [{ content: { parts: [{ text: "Hi" }] }, finishReason: "STOP" }],
          usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 1, totalTokenCount: 10 },
        },
      ],
    },
  ],
])("a client that leaves at the last event, %s, has a complete response", async (last, stream) => {
  expect(await leaveAfter(last, stream)).toMatchObject({ status: 200, endedBy: "complete" });
});
