import {
  cachedOf,
  callIn,
  event,
  events,
  id,
  inputTokens,
  json,
  now,
  write,
  type MockResponse,
  type MockRequest,
} from "./mock-response";
import { sayResult } from "./tool-result";

/** The smallest of its line reasons only where it is asked to. */
const REASONS = /^(o\d|gpt-[5-9](?!-luna)|grok|gemini-[23])/;

/** Chat completions, as all four providers answer them. */
export function chat(request: MockRequest): MockResponse {
  const { body, directive } = request;
  const model = String(body.model);
  const choices = typeof body.n === "number" ? body.n : 1;
  const limit = body.max_completion_tokens ?? body.max_tokens;
  const {
    pieces,
    thought: reasoningTokens,
    isCut,
  } = write(request, {
    limit,
    reasoning: REASONS.test(model) ? 20 : 0,
    ...resultText(request),
  });
  const usage =
    directive.usage ??
    chatUsage(request, { choices, visible: pieces.length, thought: reasoningTokens });
  const base = {
    id: id("chatcmpl-"),
    created: now(),
    model,
    service_tier: directive.serviceTier ?? "default",
    system_fingerprint: "fp_sandbox",
  };
  const toolCall = callIn(request);
  const call = toolCall && {
    id: id("call_"),
    type: "function",
    function: { name: toolCall.name, arguments: JSON.stringify(toolCall.args) },
  };
  const reason = call ? "tool_calls" : isCut ? "length" : "stop";
  const indexes = Array.from({ length: choices }, (_, index) => index);
  if (body.stream !== true) {
    const content = call ? { content: null, tool_calls: [call] } : { content: pieces.join("") };
    const message = { role: "assistant", refusal: null, ...content };
    return json({
      ...base,
      object: "chat.completion",
      choices: indexes.map((index) => ({ index, message, logprobs: null, finish_reason: reason })),
      ...(directive.noUsage ? {} : { usage }),
    });
  }
  const includeUsage =
    (body.stream_options as { include_usage?: boolean } | undefined)?.include_usage === true;
  const chunk = (list: unknown[], usageField: unknown = null) =>
    event({
      ...base,
      object: "chat.completion.chunk",
      choices: list,
      ...(includeUsage ? { usage: usageField } : {}),
    });
  const deltas = (delta: unknown, finish: string | null = null) =>
    indexes.map((index) => chunk([{ index, delta, logprobs: null, finish_reason: finish }]));
  return events([
    ...deltas({ role: "assistant", content: "", refusal: null }),
    ...(call
      ? deltas({ tool_calls: [{ index: 0, ...call }] })
      : pieces.flatMap((content) => deltas({ content }))),
    ...deltas({}, reason),
    ...(includeUsage && !directive.noUsage ? [chunk([], usage)] : []),
    event("[DONE]"),
  ]);
}

/** What a tool returned in the last message, said again; nothing where a test asks for a text. */
function resultText({ body, demo, directive }: MockRequest): { text?: string } {
  const last: unknown = Array.isArray(body.messages) ? body.messages.at(-1) : undefined;
  const { role, content } = (last ?? {}) as { role?: unknown; content?: unknown };
  if (!demo || directive.text !== undefined || role !== "tool" || typeof content !== "string")
    return {};
  return { text: sayResult(content) };
}

/** Where the four differ: xAI leaves reasoning out of the completion, Google counts it only in the total. */
function chatUsage(
  { provider, body }: MockRequest,
  {
    choices,
    visible,
    thought: reasoningTokens,
  }: { choices: number; visible: number; thought: number },
): Record<string, unknown> {
  const prompt = inputTokens(body.messages, body.tools);
  const [output, reasoning] = [visible * choices, reasoningTokens * choices];
  const total = prompt + output + reasoning;
  if (provider === "google")
    return { prompt_tokens: prompt, completion_tokens: output, total_tokens: total };
  const isXai = provider === "xai";
  return {
    prompt_tokens: prompt,
    completion_tokens: isXai ? output : output + reasoning,
    total_tokens: total,
    prompt_tokens_details: {
      cached_tokens: cachedOf(prompt),
      audio_tokens: 0,
      ...(isXai
        ? {
            text_tokens: prompt,
            image_tokens: 0,
          }
        : {}),
    },
    completion_tokens_details: {
      reasoning_tokens: reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
    ...(isXai
      ? {
          num_sources_used: 0,
          cost_in_usd_ticks: 1e3,
        }
      : {}),
  };
}
