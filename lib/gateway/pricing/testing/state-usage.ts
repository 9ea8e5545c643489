import type { AdversaryUsage } from "./adversary";
import type { RequestPlan } from "./random-request";

type Json = Record<string, unknown>;

/** The response in which a provider states a usage, in one piece of JSON. */
export function stateUsage(plan: RequestPlan, usage: AdversaryUsage): Json {
  const { endpoint, model } = plan;
  switch (endpoint) {
    case "chat.completions":
      return chatResponse(plan, usage);
    case "responses":
    case "responses.compact":
      return responsesResponse(plan, usage);
    case "messages":
      return messagesResponse(usage);
    case "embeddings":
      return {
        model: usage.served.model,
        usage: { prompt_tokens: usage.input, total_tokens: usage.input },
      };
    case "images.generations":
    case "images.edits": {
      const data = Array.from({ length: usage.images }, () => ({ b64_json: "" }));
      if (model.provider === "xai") return { data };
      return {
        data,
        usage: {
          input_tokens: usage.input,
          output_tokens: usage.output,
          input_tokens_details: {
            ...(plan.media.length > 0 && endpoint === "images.edits"
              ? { image_tokens: usage.cacheWrite }
              : {}),
            cached_tokens: usage.cacheRead,
          },
        },
      };
    }
    case "audio.speech":
      return { usage: { input_tokens: usage.input, output_tokens: usage.output } };
    case "audio.transcriptions": {
      const { milliseconds, input, output } = usage;
      const isTimed = model.prices.at(-1)?.rates.perHour !== undefined;
      return {
        text: "",
        usage: isTimed
          ? { type: "duration", seconds: milliseconds / 1_000 }
          : {
              input_tokens: input,
              output_tokens: output,
              input_token_details: { audio_tokens: usage.cacheRead },
            },
      };
    }
    default:
      return geminiResponse(plan, usage);
  }
}

const writtenDetails = ({ cacheRead, cacheWrite, isLongWrite }: AdversaryUsage): Json => ({
  cached_tokens: cacheRead,
  cache_write_tokens: cacheWrite,
  ...(isLongWrite
    ? { cache_write_tokens_details: { ttl_12h_tokens: cacheWrite, ttl_30m_tokens: 0 } }
    : {}),
});

function chatResponse({ model, media }: RequestPlan, usage: AdversaryUsage): Json {
  const { input, output, served: servedFacts } = usage;
  const reasoning = model.reasoning ? Math.floor(output / 2) : 0;
  const completion = model.provider === "xai" ? output - reasoning : output;
  return {
    model: servedFacts.model,
    service_tier: servedFacts.tier ?? "default",
    usage: {
      prompt_tokens: input,
      completion_tokens: completion,
      total_tokens: input + output,
      prompt_tokens_details: {
        ...writtenDetails(usage),
        audio_tokens: media.some(({ kind }) => kind === "audio") ? input : 0,
      },
      completion_tokens_details: {
        reasoning_tokens: reasoning,
        audio_tokens: model.reasoning ? 0 : completion,
      },
    },
  };
}

function responsesResponse({ model }: RequestPlan, usage: AdversaryUsage): Json {
  const { input, output, searches, xSearches, codeRuns, compaction, served: servedFacts } = usage;
  const total = input + (compaction?.input ?? 0);
  const search = { type: "web_search_call", action: { type: "search" } };
  return {
    id: "resp_1",
    status: "completed",
    model: servedFacts.model,
    service_tier: servedFacts.tier ?? "default",
    output:
      model.provider === "openai"
        ? Array.from({ length: searches }, (_, i) => ({ id: `ws_${i}`, ...search }))
        : [],
    usage: {
      input_tokens: total,
      input_tokens_details: writtenDetails(usage),
      output_tokens: output + (compaction?.output ?? 0),
      ...(model.provider === "xai"
        ? {
            server_side_tool_usage_details: {
              web_search_calls: searches,
              x_search_calls: xSearches,
              code_interpreter_calls: codeRuns,
            },
          }
        : {}),
    },
  };
}

function messagesResponse(usage: AdversaryUsage): Json {
  const {
    input,
    cacheRead,
    cacheWrite,
    isLongWrite,
    output,
    searches,
    compaction,
    served: servedFacts,
  } = usage;
  const tokens = {
    input_tokens: input - cacheRead - cacheWrite,
    cache_read_input_tokens: cacheRead,
    cache_creation_input_tokens: cacheWrite,
    cache_creation: {
      ephemeral_5m_input_tokens: isLongWrite ? 0 : cacheWrite,
      ephemeral_1h_input_tokens: isLongWrite ? cacheWrite : 0,
    },
    output_tokens: output,
  };
  return {
    id: "msg_1",
    type: "message",
    model: servedFacts.model,
    usage: {
      ...tokens,
      server_tool_use: { web_search_requests: searches },
      service_tier: servedFacts.tier,
      speed: servedFacts.speed,
      inference_geo: servedFacts.geo,
      iterations: compaction
        ? [
            { type: "message", ...tokens },
            {
              type: "compaction",
              input_tokens: compaction.input,
              output_tokens: compaction.output,
            },
          ]
        : [],
    },
  };
}

function geminiResponse({ media }: RequestPlan, usage: AdversaryUsage): Json {
  const { input, cacheRead, output, served: servedFacts, images } = usage;
  const thoughts = Math.floor(output / 3);
  const detail = (modality: string, tokenCount: number) => [{ modality, tokenCount }];
  const kind = media[0]?.kind ?? "text";
  return {
    modelVersion: servedFacts.model,
    usageMetadata: {
      promptTokenCount: input,
      candidatesTokenCount: output - thoughts,
      thoughtsTokenCount: thoughts,
      totalTokenCount: input + output,
      cachedContentTokenCount: cacheRead,
      promptTokensDetails: detail(kind.toUpperCase(), input),
      candidatesTokensDetails: images > 0 ? detail("IMAGE", output - thoughts) : [],
    },
  };
}
