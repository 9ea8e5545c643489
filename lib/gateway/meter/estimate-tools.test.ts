import { describe, expect, it } from "vitest";
import { estimate } from "./estimate-request";
import { namedEvent } from "./fixtures/fixture";
import { createUsageReader } from "./reader";

const chunksOf = (bytes: Buffer, size: number) =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
    bytes.subarray(n * size, (n + 1) * size),
  );

const words = "The quick brown fox jumps over the lazy dog. ";

describe("an estimate of tools that the provider ran", () => {
  it("counts the searches that a response showed before the client left", async () => {
    const reader = createUsageReader({
      endpoint: "responses",
      provider: "openai",
      contentType: "text/event-stream",
    });
    const search = (id: string) => ({
      id,
      type: "web_search_call",
      status: "completed",
      action: { type: "search" },
    });
    for (const id of ["ws_1", "ws_2"])
      reader.push(
        Buffer.from(
          namedEvent({ type: "response.output_item.done", output_index: 0, item: search(id) }),
        ),
      );
    expect(await estimate({ id: "gpt-5", endpoint: "responses", reader })).toMatchObject({
      calls: { webSearch: 2 },
    });
  });

  it("counts what a search found, which only the last event would have stated", async () => {
    const item = {
      id: "ws_1",
      type: "web_search_call",
      status: "completed",
      action: { type: "search" },
    };
    for (const [id, provider] of [
      ["gpt-5", "openai"],
      ["grok-4.3", "xai"],
    ] as const) {
      const reader = createUsageReader({
        endpoint: "responses",
        provider,
        contentType: "text/event-stream",
      });
      reader.push(
        Buffer.from(namedEvent({ type: "response.output_item.done", output_index: 0, item })),
      );
      const usage = await estimate({ id, endpoint: "responses", reader });
      expect(usage, id).toMatchObject({ input: 8_100, calls: { webSearch: 1 } });
    }
  });

  it("counts each tool that xAI ran by its name", async () => {
    const reader = createUsageReader({
      endpoint: "responses",
      provider: "xai",
      contentType: "text/event-stream",
    });
    for (const [id, item] of [
      ["a", { type: "custom_tool_call", name: "x_keyword_search" }],
      ["b", { type: "x_search_call" }],
      ["c", { type: "code_interpreter_call" }],
    ] as const)
      reader.push(
        Buffer.from(namedEvent({ type: "response.output_item.done", item: { id, ...item } })),
      );
    expect(await estimate({ id: "grok-4.3", endpoint: "responses", reader })).toMatchObject({
      calls: { xSearch: 2, codeExecution: 1 },
    });
  });

  const messageStart = namedEvent({
    type: "message_start",
    message: { usage: { input_tokens: 25, output_tokens: 1 } },
  });
  const block = (content_block: object) =>
    namedEvent({ type: "content_block_start", index: 0, content_block });

  it("counts what Anthropic searched and read, as it passed by", async () => {
    const reader = createUsageReader({
      endpoint: "messages",
      provider: "anthropic",
      contentType: "text/event-stream",
    });
    const page = "words of a page. ".repeat(10_000);
    const pieces = [
      messageStart,
      ...[1, 2].map((n) =>
        block({ type: "server_tool_use", id: `srvtoolu_${n}`, name: "web_search", input: {} }),
      ),
      block({ type: "server_tool_use", id: "srvtoolu_3", name: "web_fetch", input: {} }),
      block({
        type: "web_fetch_tool_result",
        tool_use_id: "srvtoolu_3",
        content: {
          type: "web_fetch_result",
          content: { type: "document", source: { type: "text", data: page } },
        },
      }),
      namedEvent({ type: "content_block_delta", delta: { type: "text_delta", text: words } }),
    ];
    for (const byte of chunksOf(Buffer.from(pieces.join("")), 1_000)) reader.push(byte);
    const usage = await estimate({ id: "claude-opus-5", endpoint: "messages", reader });
    expect(usage.calls).toEqual({ webSearch: 2 });
    expect(usage.input).toBeGreaterThan(page.length / 4);
    expect(usage.input).toBeLessThan(page.length / 3);
    // Three calls are framed by about 30 tokens each.
    expect(usage.output).toBeLessThan(200);
  });

  it("counts a packed document that a tool read by fewer tokens than its bytes as text", async () => {
    const reader = createUsageReader({
      endpoint: "messages",
      provider: "anthropic",
      contentType: "text/event-stream",
    });
    const source = { type: "base64", media_type: "application/pdf", data: "A".repeat(200_000) };
    const content = { type: "web_fetch_result", content: { type: "document", source } };
    reader.push(
      Buffer.from(
        messageStart + block({ type: "web_fetch_tool_result", tool_use_id: "srvtoolu_1", content }),
      ),
    );
    const usage = await estimate({ id: "claude-opus-5", endpoint: "messages", reader });
    expect(usage.input).toBeGreaterThan(7_000);
    expect(usage.input).toBeLessThan(9_000);
  });

  it("counts what a connector returned in a response", async () => {
    const reader = createUsageReader({
      endpoint: "responses",
      provider: "openai",
      contentType: "text/event-stream",
    });
    const item = {
      id: "mcp_1",
      type: "mcp_call",
      name: "read",
      output: "words of a page. ".repeat(1_000),
    };
    reader.push(
      Buffer.from(namedEvent({ type: "response.output_item.done", output_index: 0, item })),
    );
    const usage = await estimate({ id: "gpt-5", endpoint: "responses", reader });
    expect(usage.input).toBeGreaterThan(17_000 / 4);
  });
});
