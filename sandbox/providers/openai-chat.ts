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
  type Answer,
  type Asked,
} from "./answer";

const REASONS = /^(o\d|gpt-[5-9]|grok|gemini-[23])/;

/** Chat completions, as all four providers answer them. */
export function chat(asked: Asked): Answer {
  const { body, directive } = asked;
  const model = String(body.model);
  const choices = typeof body.n === "number" ? body.n : 1;
  const limit = body.max_completion_tokens ?? body.max_tokens;
  const { pieces, thought, isCut } = write(asked, {
    limit,
    reasoning: REASONS.test(model) ? 20 : 0,
  });
  const usage = directive.usage ?? chatUsage(asked, { choices, visible: pieces.length, thought });
  const base = {
    ...{ id: id("chatcmpl-"), created: now(), model },
    ...{ service_tier: directive.serviceTier ?? "default", system_fingerprint: "fp_sandbox" },
  };
  const found = callIn(asked);
  const call = found && {
    id: id("call_"),
    type: "function",
    function: { name: found.name, arguments: JSON.stringify(found.args) },
  };
  const reason = call ? "tool_calls" : isCut ? "length" : "stop";
  const each = Array.from({ length: choices }, (_, index) => index);
  if (body.stream !== true) {
    const content = call ? { content: null, tool_calls: [call] } : { content: pieces.join("") };
    const message = { role: "assistant", refusal: null, ...content };
    return json({
      ...base,
      object: "chat.completion",
      choices: each.map((index) => ({ index, message, logprobs: null, finish_reason: reason })),
      ...(directive.noUsage ? {} : { usage }),
    });
  }
  const wanted =
    (body.stream_options as { include_usage?: boolean } | undefined)?.include_usage === true;
  const chunk = (list: unknown[], stated: unknown = null) =>
    event({
      ...base,
      object: "chat.completion.chunk",
      choices: list,
      ...(wanted ? { usage: stated } : {}),
    });
  const deltas = (delta: unknown, finish: string | null = null) =>
    each.map((index) => chunk([{ index, delta, logprobs: null, finish_reason: finish }]));
  return events([
    ...deltas({ role: "assistant", content: "", refusal: null }),
    ...(call
      ? deltas({ tool_calls: [{ index: 0, ...call }] })
      : pieces.flatMap((content) => deltas({ content }))),
    ...deltas({}, reason),
    ...(wanted && !directive.noUsage ? [chunk([], usage)] : []),
    event("[DONE]"),
  ]);
}

/** Where the four differ: xAI leaves reasoning out of the completion, Google tells of it in the total alone. */
function chatUsage(
  { provider, body }: Asked,
  { choices, visible, thought }: { choices: number; visible: number; thought: number },
): Record<string, unknown> {
  const prompt = inputTokens(body.messages, body.tools);
  const [output, reasoning] = [visible * choices, thought * choices];
  const total = prompt + output + reasoning;
  if (provider === "google")
    return { prompt_tokens: prompt, completion_tokens: output, total_tokens: total };
  const isXai = provider === "xai";
  return {
    ...{
      prompt_tokens: prompt,
      completion_tokens: isXai ? output : output + reasoning,
      total_tokens: total,
    },
    prompt_tokens_details: {
      ...{ cached_tokens: cachedOf(prompt), audio_tokens: 0 },
      ...(isXai ? { text_tokens: prompt, image_tokens: 0 } : {}),
    },
    completion_tokens_details: {
      ...{ reasoning_tokens: reasoning, audio_tokens: 0 },
      ...{ accepted_prediction_tokens: 0, rejected_prediction_tokens: 0 },
    },
    ...(isXai ? { num_sources_used: 0, cost_in_usd_ticks: 1_000 } : {}),
  };
}
