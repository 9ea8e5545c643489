import { totalInput } from "@/lib/catalog/cost";
import { NO_USAGE, type TokenCounts, type Usage } from "@/lib/catalog/schema";
import { TOKENS, count, list, object, withExtras, type StatedFields } from "./stated-fields";

/**
 * Input leaves the cached out. Only `iterations` counts what ran on the way: a compaction, and whatever another model
 * did, by that model's own rates. With a redeemed fallback credit, Anthropic bills what was written to the cache as read.
 */
export function fromMessages(fields: StatedFields): Usage {
  const iterations = list(fields, "iterations");
  const compactions = iterations.filter(({ type }) => type === "compaction").map(roundOf);
  const messages = iterations.filter(({ type }) => type === "message").map(roundOf);
  const request = roundOf(fields);
  const sum = total(messages);
  const addUp = totalInput(sum) === totalInput(request) && sum.output === request.output;
  const byModel = iterations.flatMap((iteration) => {
    const { type, model } = iteration;
    const isOwn = type === "message" || type === "compaction" || typeof model !== "string";
    return isOwn ? [] : [{ ...roundOf(iteration), model }];
  });
  const usage = withExtras({
    ...total([request, ...compactions]),
    calls: { webSearch: count(object(fields, "server_tool_use"), "web_search_requests") },
    ...textFacts({
      serviceTier: fields.service_tier,
      speed: fields.speed,
      inferenceGeo: fields.inference_geo,
    }),
    ...(addUp ? { rounds: [...messages, ...compactions] } : {}),
    ...(byModel.length > 0 ? { byModel } : {}),
  });
  const { type: credit } = object(object(fields, "fallback_credit"), "status");
  return credit === "redeemed" ? withWritesAsReads(usage) : usage;
}

/** The facts that are stated as text. */
const textFacts = (facts: Record<"serviceTier" | "speed" | "inferenceGeo", unknown>) =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => typeof value === "string"));

function withWritesAsReads(usage: Usage): Usage {
  const asRead = <T extends TokenCounts>(tokens: T): T => ({
    ...tokens,
    cacheRead: tokens.cacheRead + tokens.cacheWrite5m + tokens.cacheWrite1h,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
  });
  return { ...asRead(usage), ...(usage.rounds ? { rounds: usage.rounds.map(asRead) } : {}) };
}

function roundOf(fields: StatedFields): Usage {
  const cacheCreation = object(fields, "cache_creation");
  const long = count(cacheCreation, "ephemeral_1h_input_tokens");
  return {
    input: count(fields, "input_tokens"),
    cacheRead: count(fields, "cache_read_input_tokens"),
    cacheWrite1h: long,
    cacheWrite5m: Math.max(
      count(cacheCreation, "ephemeral_5m_input_tokens"),
      count(fields, "cache_creation_input_tokens") - long,
    ),
    output: count(fields, "output_tokens"),
    reasoning: count(object(fields, "output_tokens_details"), "thinking_tokens"),
  };
}

function total(rounds: Usage[]): Usage {
  const sum = { ...NO_USAGE };
  for (const round of rounds) for (const name of TOKENS) sum[name] += round[name];
  return sum;
}
