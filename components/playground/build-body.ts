import type { PlaygroundPath } from "@/lib/playground/schema";
import {
  base64Of,
  effortOf,
  formatOf,
  outputOf,
  samplingOf,
  stopsOf,
  textOf,
  toolsOf,
  type BodyInput,
} from "./body-fields";
import type { Answer, ToolResults, UserMessage } from "./conversation";
import { messagesBody } from "./messages-body";
import { responsesBody } from "./responses-body";
import { parseSchema } from "./settings";

export interface PlaygroundRequest {
  path: PlaygroundPath;
  body: Record<string, unknown>;
}

/** The request that a column sends, in the format of its model. What the model does not take is left out. */
export function buildRequest(input: BodyInput): PlaygroundRequest {
  switch (input.model.dialect) {
    case "messages":
      return { path: "/v1/messages", body: messagesBody(input) };
    case "responses":
      return { path: "/v1/responses", body: responsesBody(input) };
    default:
      return { path: "/v1/chat/completions", body: chatBody(input) };
  }
}

function chatBody(input: BodyInput): Record<string, unknown> {
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
      ...history.flatMap(({ input: userInput, answer }) => [
        ...chatInput(userInput),
        chatAnswer(answer),
      ]),
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

function chatInput(userInput: UserMessage | ToolResults) {
  if (userInput.kind === "results")
    return userInput.results.map(({ callId, content }) => ({
      role: "tool",
      tool_call_id: callId,
      content,
    }));
  const text = textOf(userInput);
  const media = userInput.attachments.flatMap((file): unknown[] => {
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
