import { describe, expect, it } from "vitest";
import { data } from "./fixtures/fixture";
import { createUsageReader } from "./reader";

describe("an error in place of a response", () => {
  const chatError = { error: { message: "The server had an error.", type: "server_error" } };
  const failedResponse = {
    type: "response.failed",
    response: { id: "resp_1", status: "failed", usage: null },
  };
  const overloadError = {
    type: "error",
    error: { type: "overloaded_error", message: "Overloaded" },
  };
  const ERRORS: [
    string,
    Parameters<typeof createUsageReader>[0]["endpoint"],
    "openai" | "anthropic" | "google",
    string,
  ][] = [
    ["an event of chat", "chat.completions", "openai", data(chatError)],
    ["a body of chat", "chat.completions", "openai", JSON.stringify(chatError)],
    ["a response that failed", "responses", "openai", data(failedResponse)],
    ["an event of messages", "messages", "anthropic", data(overloadError)],
    [
      "an event of Gemini's",
      "gemini.streamGenerateContent",
      "google",
      data({ error: { code: 503, message: "x" } }),
    ],
    [
      "a list of Gemini's",
      "gemini.streamGenerateContent",
      "google",
      JSON.stringify([{ error: { code: 503 } }]),
    ],
  ];
  const readOf = (
    endpoint: (typeof ERRORS)[0][1],
    provider: (typeof ERRORS)[0][2],
    body: string,
  ) => {
    const contentType = body.startsWith("data:") ? "text/event-stream" : "application/json";
    const reader = createUsageReader({ endpoint, provider, contentType });
    reader.push(Buffer.from(body));
    reader.end();
    return reader;
  };

  it.each(ERRORS)("is known as such: %s", (_, endpoint, provider, body) => {
    const reader = readOf(endpoint, provider, body);
    expect(reader.usage()).toBeNull();
    expect(reader.refused()).toBe(true);
  });

  it("is none once something was said, searched or stated", () => {
    const textThenError = data({ choices: [{ delta: { content: "Hi" } }] }) + data(chatError);
    expect(readOf("chat.completions", "openai", textThenError).refused()).toBe(false);
    const item = { id: "ws_1", type: "web_search_call", action: { type: "search" } };
    const searchThenError =
      data({ type: "response.output_item.done", item }) + data(failedResponse);
    expect(readOf("responses", "openai", searchThenError).refused()).toBe(false);
    const messageStart = data({
      type: "message_start",
      message: { usage: { input_tokens: 9, output_tokens: 1 } },
    });
    expect(readOf("messages", "anthropic", messageStart + data(overloadError)).refused()).toBe(
      false,
    );
    expect(
      readOf("chat.completions", "openai", JSON.stringify({ choices: [], error: null })).refused(),
    ).toBe(false);
    expect(readOf("chat.completions", "openai", "").refused()).toBe(false);
  });
});
