import type { PlaygroundModel } from "@/lib/playground/schema";

/** What a stream says, in one form for all formats. `index` distinguishes the calls of one response. */
export type StreamEvent =
  | { type: "text" | "reasoning"; text: string }
  | { type: "thought"; index: number; text?: string; signature?: string; data?: string }
  | { type: "call"; index: number; id?: string; name?: string; args?: string; extra?: unknown }
  | { type: "problem"; message: string };

type Dialect = PlaygroundModel["dialect"];

/** Reads server-sent events to their end and reports what each says. */
export async function readStream(input: {
  body: ReadableStream<Uint8Array>;
  dialect: Dialect;
  onEvent: (event: StreamEvent) => void;
}): Promise<void> {
  const reader = input.body.getReader();
  const decoder = new TextDecoder();
  let remainder = "";
  for (;;) {
    const { done: isDone, value } = await reader.read();
    const lines = (remainder + (value ? decoder.decode(value, { stream: true }) : "")).split(
      /\r?\n/,
    );
    remainder = isDone ? "" : (lines.pop() ?? "");
    for (const line of lines) {
      if (!line.startsWith("data:")) continue;
      const data = line.slice(5).trim();
      if (data === "" || data === "[DONE]") continue;
      for (const event of eventsOf(JSON.parse(data), input.dialect)) input.onEvent(event);
    }
    if (isDone) return;
  }
}

/** What one event's data says. */
export function eventsOf(data: unknown, dialect: Dialect): StreamEvent[] {
  const problem = textAt(data, "error", "message") ?? textAt(data, "response", "error", "message");
  if (problem !== undefined) return [{ type: "problem", message: problem }];
  if (dialect === "messages") return messagesEvents(data);
  return dialect === "responses" ? responsesEvents(data) : chatEvents(data);
}

function chatEvents(data: unknown): StreamEvent[] {
  const delta = valueAt(data, "choices", 0, "delta");
  const calls = valueAt(delta, "tool_calls");
  return [
    ...textEvents("reasoning", textAt(delta, "reasoning_content") ?? textAt(delta, "reasoning")),
    ...textEvents("text", textAt(delta, "content")),
    ...textEvents("text", textAt(delta, "refusal")),
    ...(Array.isArray(calls) ? calls : []).map((call, position): StreamEvent => ({
      type: "call",
      index: numberAt(call, "index") ?? position,
      ...present("id", textAt(call, "id")),
      ...present("name", textAt(call, "function", "name")),
      ...present("args", textAt(call, "function", "arguments")),
      ...present("extra", valueAt(call, "extra_content")),
    })),
  ];
}

function messagesEvents(data: unknown): StreamEvent[] {
  const index = numberAt(data, "index") ?? 0;
  switch (textAt(data, "type")) {
    case "content_block_start":
      return blockEvents(index, valueAt(data, "content_block"));
    case "content_block_delta": {
      const args = textAt(data, "delta", "partial_json");
      if (args !== undefined) return [{ type: "call", index, args }];
      const reasoning = {
        ...present("text", textAt(data, "delta", "thinking")),
        ...present("signature", textAt(data, "delta", "signature")),
      };
      if (Object.keys(reasoning).length > 0) return [{ type: "thought", index, ...reasoning }];
      return textEvents("text", textAt(data, "delta", "text"));
    }
    default:
      return [];
  }
}

/** What the beginning of one block of a message says. */
function blockEvents(index: number, block: unknown): StreamEvent[] {
  switch (textAt(block, "type")) {
    case "tool_use":
      return [
        {
          type: "call",
          index,
          ...present("id", textAt(block, "id")),
          ...present("name", textAt(block, "name")),
        },
      ];
    case "thinking":
      return [{ type: "thought", index, ...present("text", textAt(block, "thinking")) }];
    case "redacted_thinking":
      return [{ type: "thought", index, ...present("data", textAt(block, "data")) }];
    default:
      return textEvents("text", textAt(block, "text"));
  }
}

function responsesEvents(data: unknown): StreamEvent[] {
  const index = numberAt(data, "output_index") ?? 0;
  switch (textAt(data, "type")) {
    case "response.output_text.delta":
    case "response.refusal.delta":
      return textEvents("text", textAt(data, "delta"));
    case "response.reasoning_summary_text.delta":
      return textEvents("reasoning", textAt(data, "delta"));
    case "response.output_item.added":
      return textAt(data, "item", "type") === "function_call"
        ? [
            {
              type: "call",
              index,
              ...present("id", textAt(data, "item", "call_id")),
              ...present("name", textAt(data, "item", "name")),
            },
          ]
        : [];
    case "response.function_call_arguments.delta":
      return [{ type: "call", index, ...present("args", textAt(data, "delta")) }];
    case "error":
      return [{ type: "problem", message: textAt(data, "message") ?? "The provider failed." }];
    default:
      return [];
  }
}

const textEvents = (type: "text" | "reasoning", text: string | undefined): StreamEvent[] =>
  text === undefined || text === "" ? [] : [{ type, text }];

const present = <Name extends string, Value>(name: Name, value: Value | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { [key in Name]?: Value };

/** The value at a path of a JSON value; undefined where there is none. */
export function valueAt(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, name) =>
      typeof inner === "object" && inner !== null && Object.hasOwn(inner, name)
        ? (inner as Record<string | number, unknown>)[name]
        : undefined,
    value,
  );
}

export function textAt(value: unknown, ...path: (string | number)[]): string | undefined {
  const inner = valueAt(value, ...path);
  return typeof inner === "string" ? inner : undefined;
}

function numberAt(value: unknown, ...path: string[]): number | undefined {
  const inner = valueAt(value, ...path);
  return typeof inner === "number" ? inner : undefined;
}
