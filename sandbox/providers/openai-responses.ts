import {
  cachedOf,
  callIn,
  events,
  id,
  inputTokens,
  json,
  now,
  typedEvent,
  write,
  type MockResponse,
  type MockRequest,
  type ToolCall,
} from "./mock-response";

/** What a response states of one drawn image. */
const IMAGE_USE = {
  image_gen: {
    input_tokens: 40,
    output_tokens: 272,
    total_tokens: 312,
    input_tokens_details: { image_tokens: 0, text_tokens: 40 },
    output_tokens_details: { image_tokens: 272, text_tokens: 0 },
  },
  web_search: { num_requests: 0 },
};

type OutputItem = { id: string } & Record<string, unknown>;
export type StoredResponse = { response: OutputItem; input: unknown };

/** The Responses API of OpenAI and xAI. What is not asked to be forgotten can be read again by its id. */
export function responses(
  request: MockRequest,
  responsesById: Map<string, StoredResponse>,
): MockResponse {
  const { body, directive } = request;
  const {
    pieces,
    thought: reasoningTokens,
    isCut,
  } = write(request, { limit: body.max_output_tokens, reasoning: 20 });
  const isIncomplete = directive.incomplete === true || isCut;
  const status = directive.failed ? "failed" : isIncomplete ? "incomplete" : "completed";
  const input = inputTokens(body.input, body.instructions, body.tools);
  const usage = directive.usage ?? {
    input_tokens: input,
    input_tokens_details: {
      cached_tokens: cachedOf(input),
      cache_write_tokens: 0,
    },
    output_tokens: pieces.length + reasoningTokens,
    output_tokens_details: { reasoning_tokens: reasoningTokens },
    total_tokens: input + pieces.length + reasoningTokens,
  };
  const text = pieces.join("");
  const part = { type: "output_text", text, annotations: [], logprobs: [] };
  const message = {
    id: id("msg_"),
    type: "message",
    status: "completed",
    role: "assistant",
    content: [part],
  };
  const toolCall = callIn(request);
  const call = toolCall && callItem(toolCall);
  const item = call ?? message;
  const draws = JSON.stringify(body.tools ?? []).includes('"image_generation"');
  const drawings = draws
    ? [
        {
          id: id("ig_"),
          type: "image_generation_call",
          status: "completed",
          result: "iVBORw0KGgo=",
        },
      ]
    : [];
  const toolUsage = directive.toolUsage ?? (draws ? IMAGE_USE : undefined);
  const base = {
    id: id("resp_"),
    object: "response",
    created_at: now(),
    model: body.model,
    error: directive.failed
      ? {
          code: "server_error",
          message: "The sandbox was asked to fail.",
        }
      : null,
    incomplete_details: isIncomplete ? { reason: "max_output_tokens" } : null,
    instructions: body.instructions ?? null,
    metadata: {},
    parallel_tool_calls: true,
    temperature: 1,
    tool_choice: "auto",
    tools: [],
    top_p: 1,
    service_tier: directive.serviceTier ?? "default",
    previous_response_id: body.previous_response_id ?? null,
  };
  const finalResponse = {
    ...base,
    status,
    output: [...drawings, item],
    ...(toolUsage ? { tool_usage: toolUsage } : {}),
    usage: directive.noUsage ? null : usage,
  };
  if (body.store !== false)
    responsesById.set(base.id, { response: finalResponse, input: body.input });
  if (body.stream !== true) return json(finalResponse);
  let sequence = 0;
  const emit = (type: string, fields: Record<string, unknown>) =>
    typedEvent(type, { sequence_number: sequence++, ...fields });
  const startResponse = { ...base, status: "in_progress", output: [], usage: null };
  const newItem = {
    ...item,
    status: "in_progress",
    ...(call ? ("input" in call ? { input: "" } : { arguments: "" }) : { content: [] }),
  };
  // A warm-up prepares a conversation and generates nothing.
  if (body.generate === false)
    return events([
      emit("response.created", { response: startResponse }),
      emit("response.completed", {
        response: {
          ...base,
          status: "completed",
          output: [],
          usage: { ...usage, output_tokens: 0 },
        },
      }),
    ]);
  return events([
    emit("response.created", { response: startResponse }),
    emit("response.in_progress", { response: startResponse }),
    emit("response.output_item.added", { output_index: 0, item: newItem }),
    ...(call ? callEvents(emit, call) : textEvents(emit, { item_id: message.id, pieces, part })),
    emit("response.output_item.done", { output_index: 0, item }),
    emit(`response.${status}`, { response: finalResponse }),
  ]);
}

type EventWriter = (type: string, fields: Record<string, unknown>) => string;

type CallItem = ReturnType<typeof callItem>;

/** A call of a function, or of a custom tool, which takes any text. */
function callItem({ name, args, input }: ToolCall) {
  const common = { status: "completed", call_id: id("call_"), name };
  return input === undefined
    ? { id: id("fc_"), type: "function_call", ...common, arguments: JSON.stringify(args) }
    : { id: id("ctc_"), type: "custom_tool_call", ...common, input };
}

function callEvents(emit: EventWriter, call: CallItem): string[] {
  const where = { item_id: call.id, output_index: 0 };
  if ("input" in call)
    return [
      emit("response.custom_tool_call_input.delta", { ...where, delta: call.input }),
      emit("response.custom_tool_call_input.done", { ...where, input: call.input }),
    ];
  return [
    emit("response.function_call_arguments.delta", { ...where, delta: call.arguments }),
    emit("response.function_call_arguments.done", {
      ...where,
      arguments: call.arguments,
      name: call.name,
    }),
  ];
}

function textEvents(
  emit: EventWriter,
  { item_id, pieces, part }: { item_id: string; pieces: string[]; part: object },
) {
  const where = { item_id, output_index: 0, content_index: 0 };
  return [
    emit("response.content_part.added", { ...where, part: { ...part, text: "" } }),
    ...pieces.map((delta) => emit("response.output_text.delta", { ...where, delta, logprobs: [] })),
    emit("response.output_text.done", { ...where, text: pieces.join(""), logprobs: [] }),
    emit("response.content_part.done", { ...where, part }),
  ];
}

/** What is stored under an id: read, listed or deleted; null for an id that is not known. */
export function storedAnswer({
  path,
  method,
  stored: responsesById,
}: {
  path: string;
  method: string;
  stored: Map<string, StoredResponse>;
}) {
  const [, name = "", items] = /\/responses\/(resp_\w+)(\/input_items)?$/.exec(path) ?? [];
  const response = responsesById.get(name);
  if (!response) return null;
  if (items) {
    const list =
      typeof response.input === "string"
        ? [{ role: "user", content: response.input }]
        : response.input;
    const data = (Array.isArray(list) ? list : []).map((entry: object) => ({
      id: id("msg_"),
      type: "message",
      ...entry,
    }));
    return json({
      object: "list",
      data,
      first_id: data[0]?.id ?? null,
      last_id: data.at(-1)?.id ?? null,
      has_more: false,
    });
  }
  if (method !== "DELETE") return json(response.response);
  responsesById.delete(name);
  return json({ id: name, object: "response", deleted: true });
}

export const inputTokensCounted = ({ body }: MockRequest): MockResponse =>
  json({
    object: "response.input_tokens",
    input_tokens: inputTokens(body.input, body.instructions),
  });

export function compact({ body, directive }: MockRequest): MockResponse {
  const input = inputTokens(body.input, body.instructions);
  const usage = directive.usage ?? {
    input_tokens: input,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 12,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + 12,
  };
  const output = [{ id: id("cmp_"), type: "compaction", encrypted_content: "c2FuZGJveA==" }];
  return json({ id: id("resp_"), object: "response.compaction", created_at: now(), output, usage });
}
