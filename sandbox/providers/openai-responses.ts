import {
  cachedOf,
  callIn,
  events,
  id,
  inputTokens,
  json,
  now,
  typed,
  write,
  type Answer,
  type Asked,
} from "./answer";

type Item = { id: string } & Record<string, unknown>;
export type Stored = { response: Item; input: unknown };

/** The Responses API of OpenAI and xAI. What is not asked to be forgotten can be read again by its id. */
export function responses(asked: Asked, stored: Map<string, Stored>): Answer {
  const { body, directive } = asked;
  const { pieces, thought, isCut } = write(asked, { limit: body.max_output_tokens, reasoning: 20 });
  const isIncomplete = directive.incomplete === true || isCut;
  const status = directive.failed ? "failed" : isIncomplete ? "incomplete" : "completed";
  const input = inputTokens(body.input, body.instructions, body.tools);
  const usage = directive.usage ?? {
    ...{
      input_tokens: input,
      input_tokens_details: { cached_tokens: cachedOf(input), cache_write_tokens: 0 },
    },
    ...{
      output_tokens: pieces.length + thought,
      output_tokens_details: { reasoning_tokens: thought },
    },
    total_tokens: input + pieces.length + thought,
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
  const found = callIn(asked);
  const call = found && {
    ...{ id: id("fc_"), type: "function_call", status: "completed", call_id: id("call_") },
    ...{ name: found.name, arguments: JSON.stringify(found.args) },
  };
  const item = call ?? message;
  const base = {
    ...{ id: id("resp_"), object: "response", created_at: now(), model: body.model },
    ...{
      error: directive.failed
        ? { code: "server_error", message: "The sandbox was asked to fail." }
        : null,
      incomplete_details: isIncomplete ? { reason: "max_output_tokens" } : null,
      instructions: body.instructions ?? null,
    },
    ...{
      metadata: {},
      parallel_tool_calls: true,
      temperature: 1,
      tool_choice: "auto",
      tools: [],
      top_p: 1,
    },
    ...{
      service_tier: directive.serviceTier ?? "default",
      previous_response_id: body.previous_response_id ?? null,
    },
  };
  const done = { ...base, status, output: [item], usage: directive.noUsage ? null : usage };
  if (body.store !== false) stored.set(base.id, { response: done, input: body.input });
  if (body.stream !== true) return json(done);
  let sequence = 0;
  const tell = (type: string, fields: Record<string, unknown>) =>
    typed(type, { sequence_number: sequence++, ...fields });
  const started = { ...base, status: "in_progress", output: [], usage: null };
  const added = { ...item, status: "in_progress", ...(call ? { arguments: "" } : { content: [] }) };
  return events([
    tell("response.created", { response: started }),
    tell("response.in_progress", { response: started }),
    tell("response.output_item.added", { output_index: 0, item: added }),
    ...(call ? callEvents(tell, call) : textEvents(tell, { item_id: message.id, pieces, part })),
    tell("response.output_item.done", { output_index: 0, item }),
    tell(`response.${status}`, { response: done }),
  ]);
}

type Tell = (type: string, fields: Record<string, unknown>) => string;

function callEvents(tell: Tell, call: { id: string; name: string; arguments: string }): string[] {
  const where = { item_id: call.id, output_index: 0 };
  return [
    tell("response.function_call_arguments.delta", { ...where, delta: call.arguments }),
    tell("response.function_call_arguments.done", {
      ...where,
      arguments: call.arguments,
      name: call.name,
    }),
  ];
}

function textEvents(
  tell: Tell,
  { item_id, pieces, part }: { item_id: string; pieces: string[]; part: object },
) {
  const where = { item_id, output_index: 0, content_index: 0 };
  return [
    tell("response.content_part.added", { ...where, part: { ...part, text: "" } }),
    ...pieces.map((delta) => tell("response.output_text.delta", { ...where, delta, logprobs: [] })),
    tell("response.output_text.done", { ...where, text: pieces.join(""), logprobs: [] }),
    tell("response.content_part.done", { ...where, part }),
  ];
}

/** What is stored under an id: read, listed or deleted; null for an id that is not known. */
export function storedAnswer({
  path,
  method,
  stored,
}: {
  path: string;
  method: string;
  stored: Map<string, Stored>;
}) {
  const [, name = "", items] = /\/responses\/(resp_\w+)(\/input_items)?$/.exec(path) ?? [];
  const found = stored.get(name);
  if (!found) return null;
  if (items) {
    const list =
      typeof found.input === "string" ? [{ role: "user", content: found.input }] : found.input;
    const data = (Array.isArray(list) ? list : []).map((each: object) => ({
      id: id("msg_"),
      type: "message",
      ...each,
    }));
    return json({
      object: "list",
      data,
      first_id: data[0]?.id ?? null,
      last_id: data.at(-1)?.id ?? null,
      has_more: false,
    });
  }
  if (method !== "DELETE") return json(found.response);
  stored.delete(name);
  return json({ id: name, object: "response", deleted: true });
}

export const inputTokensCounted = ({ body }: Asked): Answer =>
  json({
    object: "response.input_tokens",
    input_tokens: inputTokens(body.input, body.instructions),
  });

export function compact({ body, directive }: Asked): Answer {
  const input = inputTokens(body.input, body.instructions);
  const usage = directive.usage ?? {
    ...{ input_tokens: input, input_tokens_details: { cached_tokens: 0 } },
    ...{
      output_tokens: 12,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: input + 12,
    },
  };
  const output = [{ id: id("cmp_"), type: "compaction", encrypted_content: "c2FuZGJveA==" }];
  return json({ id: id("resp_"), object: "response.compaction", created_at: now(), output, usage });
}
