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
import type { Answer, ReasoningBlock, ToolResults, UserMessage } from "./conversation";
import { parseSchema } from "./settings";

/** The body of a request to Anthropic's Messages API. https://platform.claude.com/docs/en/api/messages */
export function messagesBody(input: BodyInput): Record<string, unknown> {
  const { model, settings, history, next } = input;
  const [tools, stops, format] = [toolsOf(input), stopsOf(input), formatOf(input)];
  const thinking = thinkingOf(input);
  const effort = model.thinking === "effort" ? effortOf(input) : undefined;
  return {
    model: model.id,
    max_tokens: outputOf(input),
    ...(settings.system === "" ? {} : { system: settings.system }),
    messages: [
      ...history.flatMap(({ input: userInput, answer }) => [
        messagesInput(userInput),
        messagesAnswer(answer, model.id),
      ]),
      messagesInput(next),
    ],
    stream: true,
    // A model that is asked to reason takes neither.
    ...(thinking === null
      ? {
          ...samplingOf(input),
          ...(settings.topK === undefined || !model.takesTopK ? {} : { top_k: settings.topK }),
        }
      : { thinking }),
    ...(stops.length === 0 ? {} : { stop_sequences: stops }),
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map(({ parameters, ...tool }) => ({ ...tool, input_schema: parameters })),
        }),
    ...(effort === undefined && format !== "schema"
      ? {}
      : {
          output_config: {
            ...(effort === undefined ? {} : { effort }),
            ...(format === "schema"
              ? { format: { type: "json_schema", schema: parseSchema(settings.schema).schema } }
              : {}),
          },
        }),
  };
}

function messagesInput(userInput: UserMessage | ToolResults) {
  if (userInput.kind === "results")
    return {
      role: "user",
      content: userInput.results.map(({ callId, content }) => ({
        type: "tool_result",
        tool_use_id: callId,
        content,
      })),
    };
  const media = userInput.attachments
    .filter(({ kind }) => kind === "image" || kind === "pdf")
    .map((file) => ({
      type: file.kind === "image" ? "image" : "document",
      source: { type: "base64", media_type: file.mime, data: base64Of(file) },
    }));
  const text = textOf(userInput);
  return { role: "user", content: media.length === 0 ? text : [...media, { type: "text", text }] };
}

const messagesAnswer = ({ text, calls, thoughts = [], model }: Answer, modelId: string) => ({
  role: "assistant",
  content: [
    // The calls of a response belong to its reasoning, which no other model can read.
    ...(calls.length > 0 && model === modelId ? thoughts.map(thinkingBlock) : []),
    ...(text === "" && calls.length > 0 ? [] : [{ type: "text", text: text || "(no text)" }]),
    ...calls.map(({ id, name, args }) => ({
      type: "tool_use",
      id,
      name,
      input: JSON.parse(args || "{}") as unknown,
    })),
  ],
});

const thinkingBlock = ({ text, signature, data }: ReasoningBlock) =>
  data === undefined
    ? { type: "thinking", thinking: text, signature }
    : { type: "redacted_thinking", data };

/** Anthropic's least budget. https://platform.claude.com/docs/en/build-with-claude/extended-thinking */
export const BUDGET_MIN = 1_024;
const BUDGET_SHARES: Record<string, number> = { low: 0.25, medium: 0.5, high: 0.75 };

/** The chosen effort as the model takes it; null without one, and where the maximum output is below the least budget. */
function thinkingOf(input: BodyInput) {
  const effort = effortOf(input);
  if (effort === undefined) return null;
  if (input.model.thinking === "effort") return { type: "adaptive", display: "summarized" };
  const output = outputOf(input);
  const budget = Math.max(BUDGET_MIN, Math.floor(output * (BUDGET_SHARES[effort] ?? 0)));
  return budget < output ? { type: "enabled", budget_tokens: budget } : null;
}
