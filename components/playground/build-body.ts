import type { PlaygroundModel, PlaygroundPath } from "@/lib/playground/schema";
import type { Answer, Attachment, ToolResults, Turn, UserMessage } from "./conversation";
import { parseSchema, parseTools, type FunctionTool, type PlaygroundSettings } from "./settings";

export interface PlaygroundRequest {
  path: PlaygroundPath;
  body: Record<string, unknown>;
}

export type History = { input: Turn["input"]; answer: Answer }[];

interface Input {
  model: PlaygroundModel;
  settings: PlaygroundSettings;
  history: History;
  next: Turn["input"];
}

/** The request that a column sends, in the format of its model. What the model does not take is left out. */
export function buildRequest(input: Input): PlaygroundRequest {
  switch (input.model.dialect) {
    case "messages":
      return { path: "/v1/messages", body: messagesBody(input) };
    case "responses":
      return { path: "/v1/responses", body: responsesBody(input) };
    default:
      return { path: "/v1/chat/completions", body: chatBody(input) };
  }
}

/** The sampling parameters that are set and that the model takes. */
function samplingOf({ model, settings }: Input) {
  const { temperature, topP } = settings;
  const { temperatureMax } = model;
  return {
    ...(temperature === undefined || temperatureMax === null
      ? {}
      : { temperature: Math.min(temperature, temperatureMax) }),
    ...(topP === undefined || !model.takesTopP ? {} : { top_p: topP }),
  };
}

const toolsOf = ({ model, settings }: Input): FunctionTool[] =>
  model.takesTools ? parseTools(settings.tools).tools : [];
const stopsOf = ({ model, settings }: Input): string[] =>
  model.takesStop
    ? (settings.stop ?? "")
        .split("\n")
        .filter((line) => line !== "")
        .slice(0, 4)
    : [];
const outputOf = ({ model, settings }: Input) => Math.min(settings.maxOutput, model.maxOutput);
const effortOf = ({ model, settings: { effort } }: Input) =>
  effort !== undefined && model.efforts.includes(effort) ? effort : undefined;

/** "text" where the model does not take the chosen format. */
const formatOf = ({ model, settings }: Input) =>
  model.formats.includes(settings.format) ? settings.format : "text";

function chatBody(input: Input): Record<string, unknown> {
  const { model, settings, history, next } = input;
  const [tools, stops, effort, format] = [
    toolsOf(input),
    stopsOf(input),
    effortOf(input),
    formatOf(input),
  ];
  return {
    model: model.id,
    messages: [
      ...(settings.system === "" ? [] : [{ role: "system", content: settings.system }]),
      ...history.flatMap(({ input: said, answer }) => [...chatInput(said), chatAnswer(answer)]),
      ...chatInput(next),
    ],
    stream: true,
    stream_options: { include_usage: true },
    [model.outputLimit]: outputOf(input),
    ...samplingOf(input),
    ...(stops.length === 0 ? {} : { stop: stops }),
    ...(effort === undefined ? {} : { reasoning_effort: effort }),
    ...(tools.length === 0
      ? {}
      : { tools: tools.map((tool) => ({ type: "function", function: tool })) }),
    ...(format === "json" ? { response_format: { type: "json_object" } } : {}),
    ...(format === "schema"
      ? {
          response_format: {
            type: "json_schema",
            json_schema: {
              name: "response",
              strict: true,
              schema: parseSchema(settings.schema).schema,
            },
          },
        }
      : {}),
  };
}

function chatInput(said: UserMessage | ToolResults) {
  if (said.kind === "results")
    return said.results.map(({ callId, content }) => ({
      role: "tool",
      tool_call_id: callId,
      content,
    }));
  const text = textOf(said);
  const media = said.attachments.flatMap((file): unknown[] => {
    if (file.kind === "image") return [{ type: "image_url", image_url: { url: file.data } }];
    if (file.kind === "pdf")
      return [{ type: "file", file: { filename: file.name, file_data: file.data } }];
    if (file.kind === "audio")
      return [
        {
          type: "input_audio",
          input_audio: { data: base64Of(file), format: /wav/.test(file.mime) ? "wav" : "mp3" },
        },
      ];
    return [];
  });
  return [
    { role: "user", content: media.length === 0 ? text : [...media, { type: "text", text }] },
  ];
}

const chatAnswer = ({ text, calls }: Answer) => ({
  role: "assistant",
  content: text === "" && calls.length > 0 ? null : text,
  ...(calls.length === 0
    ? {}
    : {
        tool_calls: calls.map(({ id, name, args, extra }) => ({
          id,
          type: "function",
          function: { name, arguments: args },
          ...(extra === undefined ? {} : { extra_content: extra }),
        })),
      }),
});

function messagesBody(input: Input): Record<string, unknown> {
  const { model, settings, history, next } = input;
  const [tools, stops, format] = [toolsOf(input), stopsOf(input), formatOf(input)];
  return {
    model: model.id,
    max_tokens: outputOf(input),
    ...(settings.system === "" ? {} : { system: settings.system }),
    messages: [
      ...history.flatMap(({ input: said, answer }) => [
        messagesInput(said),
        messagesAnswer(answer),
      ]),
      messagesInput(next),
    ],
    stream: true,
    ...samplingOf(input),
    ...(settings.topK === undefined || !model.takesTopK ? {} : { top_k: settings.topK }),
    ...(stops.length === 0 ? {} : { stop_sequences: stops }),
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map(({ parameters, ...tool }) => ({ ...tool, input_schema: parameters })),
        }),
    ...(format === "schema"
      ? {
          output_config: {
            format: { type: "json_schema", schema: parseSchema(settings.schema).schema },
          },
        }
      : {}),
  };
}

function messagesInput(said: UserMessage | ToolResults) {
  if (said.kind === "results")
    return {
      role: "user",
      content: said.results.map(({ callId, content }) => ({
        type: "tool_result",
        tool_use_id: callId,
        content,
      })),
    };
  const media = said.attachments
    .filter(({ kind }) => kind === "image" || kind === "pdf")
    .map((file) => ({
      type: file.kind === "image" ? "image" : "document",
      source: { type: "base64", media_type: file.mime, data: base64Of(file) },
    }));
  const text = textOf(said);
  return { role: "user", content: media.length === 0 ? text : [...media, { type: "text", text }] };
}

const messagesAnswer = ({ text, calls }: Answer) => ({
  role: "assistant",
  content: [
    ...(text === "" && calls.length > 0 ? [] : [{ type: "text", text: text || "(no text)" }]),
    ...calls.map(({ id, name, args }) => ({
      type: "tool_use",
      id,
      name,
      input: JSON.parse(args || "{}") as unknown,
    })),
  ],
});

function responsesBody(input: Input): Record<string, unknown> {
  const { model, settings, history, next } = input;
  const [tools, effort, format] = [toolsOf(input), effortOf(input), formatOf(input)];
  return {
    model: model.id,
    ...(settings.system === "" ? {} : { instructions: settings.system }),
    input: [
      ...history.flatMap(({ input: said, answer }) => [
        ...responsesInput(said),
        ...responsesAnswer(answer),
      ]),
      ...responsesInput(next),
    ],
    // Without this the provider would keep the response.
    store: false,
    stream: true,
    max_output_tokens: outputOf(input),
    ...samplingOf(input),
    ...(effort === undefined ? {} : { reasoning: { effort } }),
    ...(tools.length === 0 ? {} : { tools: tools.map((tool) => ({ type: "function", ...tool })) }),
    ...(format === "json" ? { text: { format: { type: "json_object" } } } : {}),
    ...(format === "schema"
      ? {
          text: {
            format: {
              type: "json_schema",
              name: "response",
              strict: true,
              schema: parseSchema(settings.schema).schema,
            },
          },
        }
      : {}),
  };
}

function responsesInput(said: UserMessage | ToolResults): unknown[] {
  if (said.kind === "results")
    return said.results.map(({ callId, content }) => ({
      type: "function_call_output",
      call_id: callId,
      output: content,
    }));
  const media = said.attachments.flatMap((file): unknown[] => {
    if (file.kind === "image") return [{ type: "input_image", image_url: file.data }];
    if (file.kind === "pdf")
      return [{ type: "input_file", filename: file.name, file_data: file.data }];
    return [];
  });
  return [{ role: "user", content: [...media, { type: "input_text", text: textOf(said) }] }];
}

const responsesAnswer = ({ text, calls }: Answer): unknown[] => [
  ...(text === "" ? [] : [{ role: "assistant", content: [{ type: "output_text", text }] }]),
  ...calls.map(({ id, name, args }) => ({
    type: "function_call",
    call_id: id,
    name,
    arguments: args,
  })),
];

/** The message with its text files, each under its name. */
const textOf = ({ text, attachments }: UserMessage): string =>
  [
    ...attachments
      .filter(({ kind }) => kind === "text")
      .map(({ name, data }) => `${name}:\n\n${data}`),
    text,
  ].join("\n\n");

const base64Of = ({ data }: Attachment): string => data.slice(data.indexOf(",") + 1);
