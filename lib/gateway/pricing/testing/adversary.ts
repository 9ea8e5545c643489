import { listKnownModels } from "@/lib/catalog/queries";
import { REQUESTED_AT, type AdversaryShares, type RequestPlan } from "./random-request";
import { sentTokens } from "./sent-tokens";
import { offeredTools, type WrittenRequest } from "./write-request";

/*
 * What a provider may state at most for a request, from the providers' guides and the catalog's facts: nothing of the
 * code that quotes is used here.
 */

/** https://developers.openai.com/api/docs/guides/tools-web-search names this block of tokens for one search. */
const SEARCH_TOKENS = 8_000;
/** https://platform.claude.com/docs/en/agents-and-tools/tool-use/server-tools: rounds of one response. */
const CLAUDE_ROUNDS = 10;
/** https://platform.claude.com/docs/en/build-with-claude/compaction-threshold: the smallest trigger. */
const CLAUDE_COMPACTION_TRIGGER = 50_000;
/** Of gpt-4o-mini, which bills images by 5,667 tokens a tile that takes 170 in its window; pages of documents are images too. */
const WINDOW_IMAGE_FACTOR = 33;
const AGENTS = 17;
const AUDIO_BYTES_PER_SECOND_MIN = 750;

/** What the response of a request states, and whether the request has a bound at all. */
export interface AdversaryUsage {
  isBounded: boolean;
  input: number;
  cacheRead: number;
  cacheWrite: number;
  isLongWrite: boolean;
  output: number;
  searches: number;
  xSearches: number;
  codeRuns: number;
  compaction: { input: number; output: number } | null;
  images: number;
  milliseconds: number;
  served: { tier: string | null; speed: string | null; geo: string | null; model: string | null };
}

/** The usage that an adversary takes within the bounds of a request. */
export function adversaryUsage(
  plan: RequestPlan,
  request: WrittenRequest,
  shares: AdversaryShares,
): AdversaryUsage {
  const { model, caching } = plan;
  const calls = callsOf(plan, shares);
  const outputMax = outputMaxOf(plan);
  const output = Math.floor(outputMax * shares.output);
  const { prompt, beyondWindow, fillsWindow } = sentTokens(plan, request);
  const window = model.kind === "embedding" ? 300_000 : model.maxInput;
  const filledWindow = model.imageTokens?.kind === "tiles" ? window * WINDOW_IMAGE_FACTOR : window;
  const read = (contextTokens: number) =>
    (fillsWindow ? filledWindow : Math.min(prompt + contextTokens, window)) + beyondWindow;
  // After each round of its tools the provider reads the prompt, what tools found and what the model wrote.
  const findings = splitOverRounds(calls.found, calls.rounds, shares.foundFirst);
  let [input, inContext] = [read(0), 0];
  for (let round = 0; round < calls.rounds; round++) {
    inContext += findings[round] ?? 0;
    if (round === 0) inContext += Math.floor(output * shares.writtenFirst);
    input += read(inContext);
  }
  const isLargest =
    read(inContext) >= (model.provider === "anthropic" ? CLAUDE_COMPACTION_TRIGGER : 2_000);
  const compacts = plan.isCompacting && isLargest && /^(messages|responses)$/.test(plan.endpoint);
  const agents = model.id.includes("multi-agent") ? AGENTS : 1;
  input = Math.floor(input * agents * shares.input);
  const canWrite =
    model.provider !== "anthropic" || (caching !== "none" && plan.endpoint === "messages");
  const cacheRead = { plain: 0, read: input, written: 0, mixed: Math.floor(input / 3) }[
    shares.cached
  ];
  const cacheWrite = canWrite
    ? { plain: 0, read: 0, written: input, mixed: Math.floor(input / 3) }[shares.cached]
    : 0;
  return {
    isBounded: calls.isBounded,
    input,
    cacheRead,
    cacheWrite,
    output: output * agents,
    isLongWrite: caching === "long",
    searches: calls.searches,
    xSearches: calls.xSearches,
    codeRuns: calls.codeRuns,
    compaction:
      compacts && shares.compactions > 0
        ? { input: read(inContext), output: Math.floor(outputMax * shares.compactions) }
        : null,
    images: model.kind === "image" ? plan.choices : 0,
    milliseconds: Math.floor(
      (mediaBytes(plan) / AUDIO_BYTES_PER_SECOND_MIN) * 1_000 * shares.input,
    ),
    served: servedFacts(plan, shares),
  };
}

/** Tokens of a response: the client's limit, and the model's; a rejected prediction is billed in addition. */
function outputMaxOf({
  model,
  endpoint,
  limit,
  choices,
  isStreamed,
  prediction,
}: RequestPlan): number {
  if (model.kind === "embedding") return 0;
  const modelMax = (endpoint.startsWith("gemini.") ? endpoint.includes("stream") : isStreamed)
    ? model.maxOutput
    : (model.maxOutputUnstreamed ?? model.maxOutput);
  // xAI's chat limit leaves reasoning out.
  const isLimited =
    !(model.provider === "xai" && model.reasoning && endpoint === "chat.completions") &&
    !model.id.includes("multi-agent");
  const hasLimit = /^(chat|responses|messages|gemini\.(g|s))/.test(endpoint) && isLimited;
  const perChoice = Math.min(hasLimit ? (limit ?? Infinity) : Infinity, modelMax);
  const hasChoices = /^(chat|images|gemini\.(g|s))/.test(endpoint);
  const rejectedTokens = endpoint === "chat.completions" ? Buffer.byteLength(prediction ?? "") : 0;
  return (perChoice + rejectedTokens) * (hasChoices ? choices : 1);
}

/** The calls of tools that the provider runs, in rounds, and what each finds. */
function callsOf(plan: RequestPlan, { calls: share }: AdversaryShares) {
  const { model, endpoint, maxToolCalls } = plan;
  const noCalls = {
    isBounded: true,
    searches: 0,
    xSearches: 0,
    codeRuns: 0,
    rounds: 0,
    found: [] as number[],
  };
  const isGemini = endpoint.startsWith("gemini.");
  if (!/^(responses|messages)$/.test(endpoint) && !isGemini) return noCalls;
  const running = offeredTools(plan).filter(
    ({ kind }) =>
      /^(search|fetch|server)$/.test(kind) || (kind === "code" && model.provider !== "anthropic"),
  );
  if (running.length === 0) return noCalls;
  if (isGemini) return { ...noCalls, isBounded: false };
  const isClaude = model.provider === "anthropic";
  if (!isClaude && maxToolCalls === null) return { ...noCalls, isBounded: false };
  const findings: number[] = [];
  const counts = { search: 0, fetch: 0, server: 0, code: 0, function: 0, computer: 0 };
  for (const { kind, maxUses, maxContentTokens } of running) {
    const bound = isClaude
      ? ((kind === "server" ? null : maxUses) ?? CLAUDE_ROUNDS)
      : (maxToolCalls ?? 0);
    const uses = Math.floor(
      Math.min(
        bound,
        (maxToolCalls !== null && !isClaude ? maxToolCalls : Infinity) - findings.length,
      ) * share,
    );
    counts[kind] += uses;
    const brings =
      kind === "server"
        ? model.maxInput
        : kind === "fetch" && isClaude
          ? (maxContentTokens ?? model.maxInput)
          : SEARCH_TOKENS;
    for (let use = 0; use < uses; use++) findings.push(brings);
  }
  const rounds = isClaude ? Math.min(findings.length, CLAUDE_ROUNDS) : findings.length;
  const isXai = model.provider === "xai";
  return {
    ...noCalls,
    rounds,
    found: findings,
    searches: counts.search,
    xSearches: isXai ? counts.fetch : 0,
    codeRuns: counts.code,
  };
}

/** What is found in each round: every round has a call, and a share of the others are in the first one. */
function splitOverRounds(findings: number[], rounds: number, first: number): number[] {
  const byRound = Array.from({ length: rounds }, () => 0);
  const spare = findings.length - rounds;
  findings.forEach((tokens, i) => {
    const round =
      i < spare ? Math.floor((1 - first) * (rounds - 1) * (i / Math.max(1, spare))) : i - spare;
    byRound[round] = (byRound[round] ?? 0) + tokens;
  });
  return byRound;
}

const mediaBytes = ({ media }: RequestPlan) =>
  media.slice(0, 1).reduce((sum, { bytes }) => sum + Math.max(48, bytes), 0);

function servedFacts(
  { model, tier, speed, geo }: RequestPlan,
  { served: facts }: AdversaryShares,
): AdversaryUsage["served"] {
  const catalogModels = listKnownModels(REQUESTED_AT).filter(
    ({ provider }) => provider === model.provider,
  );
  const otherModel = catalogModels[model.id.length % catalogModels.length]?.id ?? model.id;
  switch (facts) {
    case "asked":
      return { tier, speed, geo, model: model.id };
    case "usual":
      return { tier: "default", speed: "standard", geo: "global", model: model.id };
    case "dearer":
      return { tier: "priority", speed: "fast", geo: "us", model: model.id };
    case "other model":
      return { tier: null, speed: null, geo: null, model: otherModel };
    case "unknown model":
      return { tier: null, speed: null, geo: null, model: "model-that-nobody-knows" };
  }
}
