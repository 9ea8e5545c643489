import {
  chatResponse,
  geminiResponse,
  interactionResponse,
  messagesResponse,
  responsesResponse,
} from "./examples";

type StreamEvent = Record<string, unknown>;

/** Events as they are sent; with `hasNames`, each begins with its type, as Anthropic and OpenAI's responses do. */
const streamOf = (events: StreamEvent[], { hasNames = false, end = "" } = {}): string =>
  events
    .map(
      (event) =>
        `${hasNames ? `event: ${String(event.type ?? event.event_type)}\n` : ""}data: ${JSON.stringify(event)}\n\n`,
    )
    .join("") + end;

const chunk = (delta: StreamEvent, finish_reason: string | null = null): StreamEvent => ({
  id: chatResponse.id,
  object: "chat.completion.chunk",
  model: chatResponse.model,
  choices: [{ index: 0, delta, finish_reason }],
});

/** A chat stream whose body set `stream_options.include_usage`. */
export const chatStream = streamOf(
  [
    chunk({ role: "assistant", content: "" }),
    chunk({ content: "Phobos." }),
    chunk({}, "stop"),
    {
      id: chatResponse.id,
      object: "chat.completion.chunk",
      model: chatResponse.model,
      choices: [],
      usage: chatResponse.usage,
    },
  ],
  { end: "data: [DONE]\n\n" },
);

export const responsesStream = streamOf(
  [
    {
      type: "response.created",
      response: { id: responsesResponse.id, object: "response", status: "in_progress" },
    },
    { type: "response.output_text.delta", output_index: 0, content_index: 0, delta: "Phobos." },
    { type: "response.completed", response: responsesResponse },
  ],
  { hasNames: true },
);

export const messagesStream = streamOf(
  [
    {
      type: "message_start",
      message: {
        ...messagesResponse,
        content: [],
        stop_reason: null,
        usage: { ...messagesResponse.usage, output_tokens: 1 },
      },
    },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    {
      type: "content_block_delta",
      index: 0,
      delta: { type: "text_delta", text: "Phobos." },
    },
    { type: "content_block_stop", index: 0 },
    {
      type: "message_delta",
      delta: { stop_reason: "end_turn" },
      usage: messagesResponse.usage,
    },
    { type: "message_stop" },
  ],
  { hasNames: true },
);

/** With `?alt=sse`. */
export const geminiStream = streamOf([geminiResponse]);

const { steps, ...interaction } = interactionResponse;

export const interactionStream = streamOf(
  [
    {
      event_type: "interaction.created",
      interaction: { id: interaction.id, model: interaction.model, status: "in_progress" },
    },
    { event_type: "step.start", index: 0, step: { type: "model_output" } },
    { event_type: "step.delta", index: 0, delta: steps[0]?.content[0] },
    { event_type: "step.stop", index: 0 },
    { event_type: "interaction.completed", interaction },
  ],
  { hasNames: true, end: "data: [DONE]\n\n" },
);
