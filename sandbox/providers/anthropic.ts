import {
  callIn,
  events,
  id,
  inputTokens,
  json,
  typedEvent,
  write,
  type MockResponse,
  type MockRequest,
} from "./mock-response";
import { sayResult } from "./tool-result";

/** Anthropic's messages: input counts leave the cached out, and a stream's last usage repeats the first. */
export function messages(request: MockRequest): MockResponse {
  const { body, directive } = request;
  const result = resultIn(body.messages);
  const { pieces, isCut } = write(request, {
    limit: body.max_tokens,
    ...(result === null ? {} : { text: result }),
  });
  const call = callIn(request);
  const use = call && { type: "tool_use", id: id("toolu_"), name: call.name, input: call.args };
  const input = inputTokens(body.system, body.messages, body.tools);
  const usage = directive.usage ?? {
    input_tokens: input,
    cache_creation_input_tokens: 6,
    cache_read_input_tokens: 9,
    cache_creation: {
      ephemeral_5m_input_tokens: 4,
      ephemeral_1h_input_tokens: 2,
    },
    output_tokens: use ? 15 : pieces.length,
    server_tool_use: {
      web_search_requests: 0,
      web_fetch_requests: 0,
    },
    service_tier: directive.serviceTier ?? "standard",
  };
  const stop_reason = use ? "tool_use" : isCut ? "max_tokens" : "end_turn";
  const base = {
    id: id("msg_"),
    type: "message",
    role: "assistant",
    model: body.model,
    stop_sequence: null,
  };
  const usageFields = directive.noUsage ? {} : { usage };
  const thoughts = thoughtsFor(body.thinking);
  if (body.stream !== true)
    return json({
      ...base,
      content: [...thoughts, use ?? { type: "text", text: pieces.join("") }],
      stop_reason,
      ...usageFields,
    });
  const startMessage = {
    ...base,
    content: [],
    stop_reason: null,
    usage: { ...usage, output_tokens: 1 },
  };
  const deltas = use
    ? [{ type: "input_json_delta", partial_json: JSON.stringify(use.input) }]
    : pieces.map((text) => ({ type: "text_delta", text }));
  const index = thoughts.length;
  return events([
    typedEvent("message_start", { message: startMessage }),
    ...thoughts.flatMap(thoughtEvents),
    typedEvent("content_block_start", {
      index,
      content_block: use ? { ...use, input: {} } : { type: "text", text: "" },
    }),
    typedEvent("ping"),
    ...deltas.map((delta) => typedEvent("content_block_delta", { index, delta })),
    typedEvent("content_block_stop", { index }),
    typedEvent("message_delta", { delta: { stop_reason, stop_sequence: null }, ...usageFields }),
    typedEvent("message_stop"),
  ]);
}

type ReasoningBlock = { type: "thinking"; thinking: string; signature: string };

/** One block of reasoning, where the request asks to see it. */
function thoughtsFor(thinking: unknown): ReasoningBlock[] {
  const isShown =
    typeof thinking === "object" &&
    thinking !== null &&
    "display" in thinking &&
    thinking.display === "summarized";
  return isShown
    ? [{ type: "thinking", thinking: "The question is a short one.", signature: id("sig_") }]
    : [];
}

function thoughtEvents({ thinking, signature }: ReasoningBlock, index: number) {
  return [
    typedEvent("content_block_start", {
      index,
      content_block: { type: "thinking", thinking: "", signature: "" },
    }),
    typedEvent("content_block_delta", { index, delta: { type: "thinking_delta", thinking } }),
    typedEvent("content_block_delta", { index, delta: { type: "signature_delta", signature } }),
    typedEvent("content_block_stop", { index }),
  ];
}

export const countTokens = ({ body }: MockRequest): MockResponse =>
  json({ input_tokens: inputTokens(body.system, body.messages, body.tools) });

/** What a tool returned, repeated, so that a response contains the tool's figures. */
function resultIn(messages: unknown): string | null {
  const last: unknown = Array.isArray(messages) ? messages.at(-1) : undefined;
  const content =
    typeof last === "object" && last !== null && "content" in last ? last.content : null;
  const block: unknown = Array.isArray(content) ? content[0] : null;
  if (typeof block !== "object" || block === null || !("content" in block)) return null;
  return typeof block.content === "string" ? sayResult(block.content) : null;
}
