import {
  callIn,
  events,
  id,
  inputTokens,
  json,
  write,
  type MockResponse,
  type MockRequest,
} from "./mock-response";

/** Gemini: the prompt counts the cached, candidates leave thoughts out, and every chunk repeats the usage. */
export function generate(request: MockRequest): MockResponse {
  const { path, query, body, directive } = request;
  const config = (body.generationConfig ?? body.generation_config ?? {}) as Record<string, unknown>;
  const limit = config.maxOutputTokens ?? config.max_output_tokens;
  const count = Number(config.candidateCount ?? config.candidate_count ?? 1);
  const { pieces, thought: reasoningTokens, isCut } = write(request, { limit, reasoning: 20 });
  const prompt = inputTokens(body.contents, body.systemInstruction, body.tools);
  const [candidates, thoughts] = [pieces.length * count, reasoningTokens * count];
  const usage = directive.usage ?? {
    promptTokenCount: prompt,
    cachedContentTokenCount: Math.min(5, prompt - 1),
    candidatesTokenCount: candidates,
    thoughtsTokenCount: thoughts,
    totalTokenCount: prompt + candidates + thoughts,
    promptTokensDetails: [
      {
        modality: "TEXT",
        tokenCount: prompt,
      },
    ],
  };
  const responseId = id("");
  const chunk = (parts: unknown[], finishReason?: string) => ({
    candidates: Array.from({ length: count }, (_, index) => ({
      content: {
        role: "model",
        parts,
      },
      index,
      ...(finishReason ? { finishReason } : {}),
    })),
    ...(directive.noUsage ? {} : { usageMetadata: usage }),
    modelVersion: /models\/([^:]+):/.exec(path)?.[1],
    responseId,
  });
  const call = callIn(request);
  const calls = call && [{ functionCall: { name: call.name, args: call.args } }];
  const reason = isCut ? "MAX_TOKENS" : "STOP";
  if (path.endsWith(":generateContent"))
    return json(chunk(calls ?? [{ text: pieces.join("") }], reason));
  const chunks =
    calls || pieces.length === 0
      ? [chunk(calls ?? [], reason)]
      : pieces.map((text, i) => chunk([{ text }], i === pieces.length - 1 ? reason : undefined));
  if (query.includes("alt=sse"))
    return events(chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`));
  const last = chunks.length - 1;
  const lines = chunks.map(
    (chunk, i) => `${i === 0 ? "[" : ","}${JSON.stringify(chunk)}${i === last ? "]" : "\r\n"}`,
  );
  return { type: "application/json", events: lines };
}

export function counted({ body }: MockRequest): MockResponse {
  const tokens = inputTokens(body.contents ?? body.generateContentRequest);
  return json({
    totalTokens: tokens,
    promptTokensDetails: [{ modality: "TEXT", tokenCount: tokens }],
  });
}

/** A vector for a content; in a batch one for each request. */
export function embed({ path, body, directive }: MockRequest): MockResponse {
  const requests = (Array.isArray(body.requests) ? body.requests : [body]) as {
    content?: unknown;
  }[];
  const tokens = inputTokens(requests.map(({ content }) => content));
  const usageFields = directive.noUsage
    ? {}
    : { usageMetadata: directive.usage ?? { promptTokenCount: tokens, totalTokenCount: tokens } };
  const vectors = requests.map(() => ({ values: [0.1, 0.2] }));
  return json({
    ...(path.endsWith(":batchEmbedContents") ? { embeddings: vectors } : { embedding: vectors[0] }),
    ...usageFields,
  });
}
