import { cachedOf, inputTokens, json, type MockRequest, type MockResponse } from "./mock-response";

type Question = {
  type?: string;
  name?: string;
  choices?: { value: unknown }[];
  levels?: { label: string }[];
};

/** OpenAI's decisions: each question gets its first option, and only input is counted. */
export function decisions({ body, directive }: MockRequest): MockResponse {
  const questions = (Array.isArray(body.questions) ? body.questions : []) as Question[];
  const tokens = inputTokens(body.input, body.questions);
  const usage = directive.usage ?? {
    input_tokens: tokens,
    input_tokens_details: { cache_write_tokens: 0, cached_tokens: cachedOf(tokens) },
    output_tokens: 0,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: tokens,
  };
  return json({
    model: body.model,
    answers: questions.map(answerOf),
    ...(directive.noUsage ? {} : { usage }),
  });
}

function answerOf({ type, name = "", choices = [], levels = [] }: Question): unknown {
  const head = { type, name: name === "" ? null : name };
  if (type === "predicate") return { ...head, probability: 0.9 };
  if (type === "choice")
    return {
      ...head,
      choice: choices[0]?.value,
      confidence: 0.9,
      probabilities: choices.map(({ value }, index) => ({
        value,
        probability: index === 0 ? 1 : 0,
      })),
    };
  return {
    ...head,
    score: 0,
    confidence: 0.9,
    probabilities: levels.map(({ label }, value) => ({
      label,
      value,
      probability: value === 0 ? 1 : 0,
    })),
  };
}

/** Google's decisions: the same, by the names of the questions and with the usage of its interactions. */
export function geminiDecisions({ body, directive }: MockRequest): MockResponse {
  const tokens = inputTokens(body.input, body.questions);
  const usage = directive.usage ?? {
    total_input_tokens: tokens,
    total_output_tokens: 0,
    total_tokens: tokens,
    input_tokens_by_modality: [{ modality: "text", tokens }],
  };
  const answers = Object.fromEntries(
    Object.entries((body.questions ?? {}) as Record<string, Question>).map(([name, { type }]) => [
      name,
      { type, [type ?? "noul"]: type === "noul" ? 0.9 : 0, confidence: 0.9 },
    ]),
  );
  return json({ answers, ...(directive.noUsage ? {} : { usage }) });
}
