import {
  event,
  events,
  id,
  inputTokens,
  json,
  now,
  typedEvent,
  write,
  type MockResponse,
  type MockRequest,
} from "./mock-response";

const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const IMAGE_TOKENS = 272;
const VECTOR = [0.1, 0.2, 0.3];

/** A vector for each input; a list of numbers is one input, already in tokens. */
export function embeddings({ body, directive }: MockRequest): MockResponse {
  const { input } = body;
  const inputs: unknown[] = Array.isArray(input) && typeof input[0] !== "number" ? input : [input];
  const vector =
    body.encoding_format === "base64"
      ? Buffer.from(new Float32Array(VECTOR).buffer).toString("base64")
      : VECTOR;
  const tokens = inputs.reduce<number>(
    (sum, entry) => sum + (Array.isArray(entry) ? entry.length : inputTokens(entry)),
    0,
  );
  return json({
    object: "list",
    model: body.model,
    data: inputs.map((_, index) => ({
      object: "embedding",
      index,
      embedding: vector,
    })),
    ...(directive.noUsage
      ? {}
      : {
          usage: directive.usage ?? {
            prompt_tokens: tokens,
            total_tokens: tokens,
          },
        }),
  });
}

export function images(request: MockRequest): MockResponse {
  const { provider, path, body, directive } = request;
  const count = Number(body.n ?? 1);
  if (provider === "xai")
    return json({
      created: now(),
      data: Array.from({ length: count }, () => ({ b64_json: PIXEL, revised_prompt: "" })),
    });
  const isEdit = path.endsWith("/edits");
  const text = inputTokens(body.prompt);
  const [images, output] = [isEdit ? 194 : 0, IMAGE_TOKENS * count];
  const usage = directive.usage ?? {
    input_tokens: text + images,
    output_tokens: output,
    total_tokens: text + images + output,
    input_tokens_details: {
      text_tokens: text,
      image_tokens: images,
    },
  };
  const usageFields = directive.noUsage ? {} : { usage };
  if (String(body.stream) !== "true")
    return json({
      created: now(),
      data: Array.from({ length: count }, () => ({ b64_json: PIXEL })),
      ...usageFields,
    });
  const kind = isEdit ? "image_edit" : "image_generation";
  const looks = {
    created_at: now(),
    size: "1024x1024",
    quality: "low",
    background: "opaque",
    output_format: "png",
  };
  const partial = Array.from(
    { length: Number(body.partial_images ?? 0) },
    (_, partial_image_index) =>
      typedEvent(`${kind}.partial_image`, { b64_json: PIXEL, ...looks, partial_image_index }),
  );
  return events([
    ...partial,
    typedEvent(`${kind}.completed`, { b64_json: PIXEL, ...looks, ...usageFields }),
  ]);
}

/** Binary without a word of usage, or events when they are asked for. */
export function speech(request: MockRequest): MockResponse {
  const { body, directive } = request;
  const sound = Buffer.alloc(4_096, 7);
  if (body.stream_format !== "sse") return { type: "audio/mpeg", body: sound };
  const [input, output] = [inputTokens(body.input), 6 * inputTokens(body.input)];
  const usage = directive.usage ?? {
    input_tokens: input,
    output_tokens: output,
    total_tokens: input + output,
  };
  return events([
    ...[0, 1_024, 2_048, 3_072].map((at) =>
      event({
        type: "speech.audio.delta",
        audio: sound.subarray(at, at + 1_024).toString("base64"),
      }),
    ),
    event({ type: "speech.audio.done", ...(directive.noUsage ? {} : { usage }) }),
  ]);
}

const BY_LENGTH = ["whisper-1", "gpt-transcribe"];

/** Billed by the length with these, by tokens with the others; the duration of the audio is taken from its bytes. */
export function transcriptions(request: MockRequest): MockResponse {
  const { body, raw, directive } = request;
  const seconds = Math.max(1, Math.round(raw.length / 16_000));
  const { pieces } = write(request, {});
  const text = pieces.join("");
  const [input, output] = [seconds * 10, pieces.length];
  const byTokens = {
    type: "tokens",
    input_tokens: input,
    output_tokens: output,
    total_tokens: input + output,
    input_token_details: {
      text_tokens: 0,
      audio_tokens: input,
    },
  };
  const usage =
    directive.usage ??
    (BY_LENGTH.includes(String(body.model)) ? { type: "duration", seconds } : byTokens);
  const usageFields = directive.noUsage ? {} : { usage };
  if (body.stream === "true")
    return events([
      ...pieces.map((delta) => event({ type: "transcript.text.delta", delta })),
      event({ type: "transcript.text.done", text, ...usageFields }),
    ]);
  if (body.response_format === "text")
    return { type: "text/plain; charset=utf-8", body: `${text}\n` };
  const verbose =
    body.response_format === "verbose_json"
      ? { task: "transcribe", language: "english", duration: seconds, segments: [] }
      : {};
  return json({ text, ...verbose, ...usageFields });
}

/** A translation states no usage; verbose, it states its duration. */
export function translations(request: MockRequest): MockResponse {
  const { body, raw } = request;
  const text = write(request, {}).pieces.join("");
  const duration = Math.max(1, Math.round(raw.length / 16_000));
  if (body.response_format === "text")
    return { type: "text/plain; charset=utf-8", body: `${text}\n` };
  return json(
    body.response_format === "verbose_json" ? { text, language: "english", duration } : { text },
  );
}

/** xAI's transcription states the length of the audio. */
export function stt(request: MockRequest): MockResponse {
  const text = write(request, {}).pieces.join("");
  const duration = request.directive.usage?.duration ?? request.raw.length / 16_000;
  return json({ text, language: "", duration: Math.round(Number(duration) * 100) / 100 });
}

export function moderations({ body }: MockRequest): MockResponse {
  const inputs =
    Array.isArray(body.input) && typeof body.input[0] === "string" ? body.input : [body.input];
  const result = {
    flagged: false,
    categories: {},
    category_scores: {},
    category_applied_input_types: {},
  };
  return json({
    id: id("modr-"),
    model: body.model ?? "omni-moderation-latest",
    results: inputs.map(() => result),
  });
}
