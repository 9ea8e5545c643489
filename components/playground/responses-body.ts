import {
  effortOf,
  formatOf,
  outputOf,
  samplingOf,
  textOf,
  toolsOf,
  type BodyInput,
} from "./body-fields";
import type { Answer, ToolResults, UserMessage } from "./conversation";
import { parseSchema } from "./settings";

/** The body of a request to the Responses API. https://platform.openai.com/docs/api-reference/responses/create */
export function responsesBody(input: BodyInput): Record<string, unknown> {
  const { model, settings, history, next } = input;
  const [tools, effort, format] = [toolsOf(input), effortOf(input), formatOf(input)];
  return {
    model: model.id,
    ...(settings.system === "" ? {} : { instructions: settings.system }),
    input: [
      ...history.flatMap(({ input: userInput, answer }) => [
        ...responsesInput(userInput),
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

function responsesInput(userInput: UserMessage | ToolResults): unknown[] {
  if (userInput.kind === "results")
    return userInput.results.map(({ callId, content }) => ({
      type: "function_call_output",
      call_id: callId,
      output: content,
    }));
  const media = userInput.attachments.flatMap((file): unknown[] => {
    if (file.kind === "image") return [{ type: "input_image", image_url: file.data }];
    if (file.kind === "pdf")
      return [{ type: "input_file", filename: file.name, file_data: file.data }];
    return [];
  });
  return [{ role: "user", content: [...media, { type: "input_text", text: textOf(userInput) }] }];
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
