// What the benchmark's provider answers: the same bytes each time, shaped as OpenAI's chat completions.

const base = {
  id: "chatcmpl-bench00000000000000000000",
  created: 1_790_000_000,
  model: "gpt-6-luna",
};
const usage = {
  prompt_tokens: 42,
  completion_tokens: 50,
  total_tokens: 92,
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
};
const event = (data) =>
  Buffer.from(`data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`);
const choice = (delta, finish_reason = null) => [{ index: 0, delta, finish_reason }];

/** An answer of about 600 bytes. */
export const PLAIN = Buffer.from(
  JSON.stringify({
    ...base,
    object: "chat.completion",
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: "The quick brown fox jumps over the lazy dog. ".repeat(5),
        },
        finish_reason: "stop",
      },
    ],
    usage,
    service_tier: "default",
  }),
);

/** One piece of a stream, as OpenAI sends it. */
export const PIECE = event({
  ...base,
  object: "chat.completion.chunk",
  choices: choice({ content: " a few words" }),
});
/** Its last events, with the usage. */
export const ENDING = Buffer.concat([
  event({ ...base, object: "chat.completion.chunk", choices: choice({}, "stop") }),
  event({ ...base, object: "chat.completion.chunk", choices: [], usage }),
  event("[DONE]"),
]);

/** What to answer is written into the request's content: `[plain]`, or `[stream <chunks> <ms between them>]`. */
export const request = ({ kind, chunks = 0, ms = 0, padding = "" }) =>
  JSON.stringify({
    model: "gpt-6-luna",
    messages: [
      {
        role: "system",
        content: "You are a helpful assistant. Answer in one short paragraph, in plain words.",
      },
      {
        role: "user",
        content:
          kind === "plain" ? "[plain] What does the fox do?" : `[stream ${chunks} ${ms}] Go on.`,
      },
      ...(padding
        ? [{ role: "user", content: [{ type: "image_url", image_url: { url: padding } }] }]
        : []),
    ],
    max_completion_tokens: 512,
    ...(kind === "plain" ? {} : { stream: true, stream_options: { include_usage: true } }),
  });

export const bytesOf = ({ kind, chunks }) =>
  kind === "plain" ? PLAIN.length : PIECE.length * chunks + ENDING.length;
