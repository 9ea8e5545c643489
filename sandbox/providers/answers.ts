import type { Directive } from "./directive";

export type Asked = {
  provider: "openai" | "anthropic" | "google" | "xai";
  path: string;
  query: string;
  body: Record<string, unknown>;
  raw: Buffer;
  directive: Directive;
};
/** An answer: one body, or the events of a stream. */
export type Answer = { type: string; body?: Buffer | string; events?: string[] };

const pieces = (directive: Directive): string[] => {
  if (directive.text !== undefined) return [directive.text];
  const words = ["Hello", " from", " the", " sandbox", ":", " grüße", ", 世界", " 🌍", "."];
  return Array.from({ length: directive.chunks ?? words.length }, (_, i) => words[i % words.length] ?? "");
};
const event = (data: unknown, name?: string) =>
  `${name ? `event: ${name}\n` : ""}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;
const json = (value: unknown): Answer => ({ type: "application/json", body: JSON.stringify(value) });
const events = (list: string[]): Answer => ({ type: "text/event-stream; charset=utf-8", events: list });
let counter = 0;
const id = (prefix: string) => `${prefix}${Date.now().toString(36)}${(counter++).toString(36).padStart(6, "0")}`;

const wantsTool = (raw: Buffer) =>
  raw.includes('"tools"') &&
  raw.includes("weather in") &&
  !raw.includes('"tool_result"') &&
  !raw.includes('"role":"tool"') &&
  !raw.includes("functionResponse") &&
  !raw.includes("function_call_output");
const ARGUMENTS = { city: "Paris" };

export function chat({ provider, body, raw, directive }: Asked): Answer {
  const model = body.model;
  const text = pieces(directive);
  const reasoning = provider === "xai" ? 40 : 0;
  const usage = directive.usage ?? {
    prompt_tokens: 30,
    completion_tokens: text.length,
    total_tokens: 30 + text.length + reasoning,
    prompt_tokens_details: {
      cached_tokens: 10,
      audio_tokens: 0,
      ...(provider === "xai" ? { text_tokens: 30, image_tokens: 0 } : {}),
    },
    completion_tokens_details: {
      reasoning_tokens: reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
    ...(provider === "xai" ? { num_sources_used: 0, cost_in_usd_ticks: 1_000 } : {}),
  };
  const base = {
    id: id("chatcmpl-"),
    created: Math.floor(Date.now() / 1000),
    model,
    service_tier: "default",
    system_fingerprint: "fp_sandbox",
  };
  const tool = wantsTool(raw);
  const call = {
    id: id("call_"),
    type: "function",
    function: { name: "weather", arguments: JSON.stringify(ARGUMENTS) },
  };
  if (body.stream !== true) {
    const message = tool
      ? { role: "assistant", content: null, refusal: null, tool_calls: [call] }
      : { role: "assistant", content: text.join(""), refusal: null };
    return json({
      ...base,
      object: "chat.completion",
      choices: [{ index: 0, message, logprobs: null, finish_reason: tool ? "tool_calls" : "stop" }],
      ...(directive.noUsage ? {} : { usage }),
    });
  }
  const asked = (body.stream_options as { include_usage?: boolean } | undefined)?.include_usage === true;
  const chunk = (delta: unknown, finish: string | null = null) =>
    event({
      ...base,
      object: "chat.completion.chunk",
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
      ...(asked ? { usage: null } : {}),
    });
  const content = tool
    ? [chunk({ tool_calls: [{ index: 0, ...call }] })]
    : text.map((piece) => chunk({ content: piece }));
  const last =
    asked && !directive.noUsage ? [event({ ...base, object: "chat.completion.chunk", choices: [], usage })] : [];
  return events([
    chunk({ role: "assistant", content: "", refusal: null }),
    ...content,
    chunk({}, tool ? "tool_calls" : "stop"),
    ...last,
    event("[DONE]"),
  ]);
}

export function responses({ body, raw, directive }: Asked): Answer {
  const text = pieces(directive);
  const usage = directive.usage ?? {
    input_tokens: 40,
    input_tokens_details: { cached_tokens: 8, cache_write_tokens: 0 },
    output_tokens: 50,
    output_tokens_details: { reasoning_tokens: 20 },
    total_tokens: 90,
  };
  const status = directive.failed ? "failed" : directive.incomplete ? "incomplete" : "completed";
  const message = {
    id: id("msg_"),
    type: "message",
    status: "completed",
    role: "assistant",
    content: [{ type: "output_text", text: text.join(""), annotations: [], logprobs: [] }],
  };
  const call = {
    id: id("fc_"),
    type: "function_call",
    status: "completed",
    call_id: id("call_"),
    name: "weather",
    arguments: JSON.stringify(ARGUMENTS),
  };
  const item = wantsTool(raw) ? call : message;
  const base = {
    ...{
      id: id("resp_"),
      object: "response",
      created_at: Math.floor(Date.now() / 1000),
      model: body.model,
      error: null,
      incomplete_details: directive.incomplete ? { reason: "max_output_tokens" } : null,
    },
    ...{
      instructions: null,
      metadata: {},
      parallel_tool_calls: true,
      temperature: 1,
      tool_choice: "auto",
      tools: [],
      top_p: 1,
      service_tier: "default",
      previous_response_id: body.previous_response_id ?? null,
    },
  };
  const done = { ...base, status, output: [item], usage: directive.noUsage ? null : usage };
  if (body.stream !== true) return json(done);
  let sequence = 0;
  const tell = (type: string, fields: Record<string, unknown>) =>
    event({ type, sequence_number: sequence++, ...fields }, type);
  const started = { ...base, status: "in_progress", output: [], usage: null };
  const where = { item_id: item.id, output_index: 0, content_index: 0 };
  const middle =
    item === call
      ? [
          tell("response.function_call_arguments.delta", { item_id: call.id, output_index: 0, delta: call.arguments }),
          tell("response.function_call_arguments.done", {
            item_id: call.id,
            output_index: 0,
            arguments: call.arguments,
            name: call.name,
          }),
        ]
      : [
          tell("response.content_part.added", {
            ...where,
            part: { type: "output_text", text: "", annotations: [], logprobs: [] },
          }),
          ...text.map((delta) => tell("response.output_text.delta", { ...where, delta, logprobs: [] })),
          tell("response.output_text.done", { ...where, text: text.join(""), logprobs: [] }),
          tell("response.content_part.done", { ...where, part: message.content[0] }),
        ];
  const added =
    item === call
      ? { ...call, status: "in_progress", arguments: "" }
      : { ...message, status: "in_progress", content: [] };
  return events([
    tell("response.created", { response: started }),
    tell("response.in_progress", { response: started }),
    tell("response.output_item.added", { output_index: 0, item: added }),
    ...middle,
    tell("response.output_item.done", { output_index: 0, item }),
    tell(`response.${status}`, { response: done }),
  ]);
}

export function messages({ body, raw, directive }: Asked): Answer {
  const text = pieces(directive);
  const tool = wantsTool(raw);
  const use = { type: "tool_use", id: id("toolu_"), name: "weather", input: ARGUMENTS };
  const usage = directive.usage ?? {
    input_tokens: 25,
    cache_creation_input_tokens: 6,
    cache_read_input_tokens: 9,
    cache_creation: { ephemeral_5m_input_tokens: 4, ephemeral_1h_input_tokens: 2 },
    output_tokens: 15,
    server_tool_use: { web_search_requests: 0 },
    service_tier: "standard",
  };
  const base = { id: id("msg_"), type: "message", role: "assistant", model: body.model, stop_sequence: null };
  if (body.stream !== true) {
    return json({
      ...base,
      content: tool ? [use] : [{ type: "text", text: text.join("") }],
      stop_reason: tool ? "tool_use" : "end_turn",
      ...(directive.noUsage ? {} : { usage }),
    });
  }
  const deltas = tool
    ? [{ type: "input_json_delta", partial_json: JSON.stringify(ARGUMENTS) }]
    : text.map((piece) => ({ type: "text_delta", text: piece }));
  const tell = (type: string, fields: Record<string, unknown> = {}) => event({ type, ...fields }, type);
  return events([
    tell("message_start", {
      message: { ...base, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } },
    }),
    tell("content_block_start", { index: 0, content_block: tool ? { ...use, input: {} } : { type: "text", text: "" } }),
    tell("ping"),
    ...deltas.map((delta) => tell("content_block_delta", { index: 0, delta })),
    tell("content_block_stop", { index: 0 }),
    tell("message_delta", {
      delta: { stop_reason: tool ? "tool_use" : "end_turn", stop_sequence: null },
      ...(directive.noUsage ? {} : { usage }),
    }),
    tell("message_stop"),
  ]);
}

export function gemini({ path, query, raw, directive }: Asked): Answer {
  const text = pieces(directive);
  const model = /models\/([^:]+):/.exec(path)?.[1];
  const usage = directive.usage ?? {
    promptTokenCount: 30,
    cachedContentTokenCount: 5,
    candidatesTokenCount: 12,
    thoughtsTokenCount: 20,
    totalTokenCount: 62,
    promptTokensDetails: [{ modality: "TEXT", tokenCount: 30 }],
  };
  const chunk = (parts: unknown[], finish?: string) => ({
    candidates: [{ content: { role: "model", parts }, index: 0, ...(finish ? { finishReason: finish } : {}) }],
    ...(directive.noUsage ? {} : { usageMetadata: usage }),
    modelVersion: model,
    responseId: id(""),
  });
  const parts = wantsTool(raw) ? [{ functionCall: { name: "weather", args: ARGUMENTS } }] : null;
  if (path.endsWith(":generateContent")) return json(chunk(parts ?? [{ text: text.join("") }], "STOP"));
  const chunks = parts
    ? [chunk(parts, "STOP")]
    : text.map((piece, i) => chunk([{ text: piece }], i === text.length - 1 ? "STOP" : undefined));
  if (query.includes("alt=sse")) return events(chunks.map((each) => `data: ${JSON.stringify(each)}\r\n\r\n`));
  return {
    type: "application/json",
    events: chunks.map(
      (each, i) => `${i === 0 ? "[" : ","}${JSON.stringify(each)}${i === chunks.length - 1 ? "]" : "\r\n"}`,
    ),
  };
}

export function embeddings({ body, directive }: Asked): Answer {
  const inputs = Array.isArray(body.input) ? body.input : [body.input];
  const vector =
    body.encoding_format === "base64"
      ? Buffer.from(new Float32Array([0.1, 0.2, 0.3]).buffer).toString("base64")
      : [0.1, 0.2, 0.3];
  return json({
    object: "list",
    model: body.model,
    data: inputs.map((_, index) => ({ object: "embedding", index, embedding: vector })),
    ...(directive.noUsage ? {} : { usage: directive.usage ?? { prompt_tokens: 7, total_tokens: 7 } }),
  });
}

/** Everything else that has one plain answer. */
export function others({ provider, path, raw, body, directive }: Asked): Answer | null {
  const usage = directive.usage;
  if (path.endsWith("/embeddings")) return embeddings({ provider, path, raw, body, directive, query: "" });
  if (path.endsWith(":countTokens"))
    return json({ totalTokens: 9, promptTokensDetails: [{ modality: "TEXT", tokenCount: 9 }] });
  if (path.endsWith(":embedContent"))
    return json({
      embedding: { values: [0.1, 0.2] },
      usageMetadata: usage ?? { promptTokenCount: 4, totalTokenCount: 4 },
    });
  if (path.endsWith(":batchEmbedContents"))
    return json({
      embeddings: [{ values: [0.1, 0.2] }],
      usageMetadata: usage ?? { promptTokenCount: 4, totalTokenCount: 4 },
    });
  if (path.endsWith("/count_tokens")) return json({ input_tokens: 11 });
  if (path.endsWith("/responses/input_tokens")) return json({ object: "response.input_tokens", input_tokens: 11 });
  if (path.endsWith("/responses/compact"))
    return json({
      id: id("resp_"),
      object: "response.compaction",
      created_at: 1,
      output: [],
      usage: usage ?? {
        input_tokens: 40,
        input_tokens_details: { cached_tokens: 0 },
        output_tokens: 12,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: 52,
      },
    });
  if (path.endsWith("/images/generations") || path.endsWith("/images/edits")) {
    const drawn = {
      created: 1,
      data: [{ b64_json: "iVBORw0KGgo=", ...(provider === "xai" ? { revised_prompt: "" } : {}) }],
    };
    return json(
      provider === "xai"
        ? drawn
        : {
            ...drawn,
            usage: usage ?? {
              input_tokens: 20,
              output_tokens: 272,
              total_tokens: 292,
              input_tokens_details: { text_tokens: 20, image_tokens: 0 },
            },
          },
    );
  }
  if (path.endsWith("/audio/speech")) return { type: "audio/mpeg", body: Buffer.alloc(4_096, 7) };
  if (path.endsWith("/audio/transcriptions"))
    return json({
      text: "Hello.",
      usage:
        usage ??
        (raw.includes("whisper-1")
          ? { type: "duration", seconds: 3 }
          : {
              type: "tokens",
              input_tokens: 14,
              output_tokens: 5,
              total_tokens: 19,
              input_token_details: { text_tokens: 0, audio_tokens: 14 },
            }),
    });
  if (path.endsWith("/moderations"))
    return json({
      id: id("modr-"),
      model: body.model,
      results: [{ flagged: false, categories: {}, category_scores: {}, category_applied_input_types: {} }],
    });
  return null;
}

/** An error in the provider's own shape. */
export function failure(provider: Asked["provider"], status: number, message: string): string {
  if (provider === "anthropic")
    return JSON.stringify({
      type: "error",
      error: {
        type: status === 429 ? "rate_limit_error" : status >= 500 ? "api_error" : "invalid_request_error",
        message,
      },
      request_id: "req_sandbox",
    });
  if (provider === "google")
    return JSON.stringify({
      error: {
        code: status,
        message,
        status: status === 429 ? "RESOURCE_EXHAUSTED" : status >= 500 ? "INTERNAL" : "INVALID_ARGUMENT",
      },
    });
  return JSON.stringify({
    error: { message, type: status >= 500 ? "server_error" : "invalid_request_error", param: null, code: null },
  });
}
