import { listModels, ratesAt } from "@/lib/catalog/queries";
import type { Model, Rates } from "@/lib/catalog/schema";
import { formatUsd } from "@/lib/format";
import { providerName, providerRecord } from "@/lib/providers";
import type { PlaygroundModel, ResponseFormat } from "./schema";

/** The models that the playground can call, in the catalog's order. */
export function listPlaygroundModels(at = new Date()): PlaygroundModel[] {
  return listModels(at).flatMap((model) => {
    const dialect = dialectOf(model);
    const rates = ratesAt({ model, at });
    if (dialect === null || rates === null) return [];
    const isText = model.kind === "text";
    return [
      {
        id: model.id,
        name: model.name,
        provider: model.provider,
        providerName: providerName(model.provider),
        kind: model.kind as PlaygroundModel["kind"],
        dialect,
        priceText: priceText(model, rates),
        maxOutput: model.maxOutput,
        input: inputsOf(model, dialect),
        takesTools: isText && model.capabilities.includes("tools"),
        efforts: isText && model.reasoning ? ["low", "medium", "high"] : [],
        thinking: providerRecord(model.provider).parameters.thinking(model.id),
        formats: formatsOf(model, dialect),
        outputLimit: providerRecord(model.provider).parameters.outputLimit,
        imagesHaveSizes: providerRecord(model.provider).parameters.imagesHaveSizes,
        ...(isText ? samplingOf(model) : NO_SAMPLING),
      },
    ];
  });
}

function dialectOf({ kind, provider, endpoints }: Model): PlaygroundModel["dialect"] | null {
  if (kind === "text") {
    const { textFormat } = providerRecord(provider).parameters;
    if (textFormat === "messages" && endpoints.includes("messages")) return "messages";
    if (endpoints.includes("chat.completions")) return "chat";
    return endpoints.includes("responses") ? "responses" : null;
  }
  if (kind === "image") return endpoints.includes("images.generations") ? "images" : null;
  if (kind === "speech") return endpoints.includes("audio.speech") ? "speech" : null;
  return kind === "embedding" && endpoints.includes("embeddings") ? "embeddings" : null;
}

/** What a format takes of what the model reads; text files are sent as text. */
function inputsOf(model: Model, dialect: PlaygroundModel["dialect"]): string[] {
  const { chatMedia } = providerRecord(model.provider).parameters;
  const media = dialect === "chat" ? chatMedia : ["image", "pdf"];
  return model.modalities.input.filter((medium) => media.includes(medium));
}

function formatsOf(model: Model, dialect: PlaygroundModel["dialect"]): ResponseFormat[] {
  if (!model.capabilities.includes("structuredOutput")) return ["text"];
  return dialect === "messages" ? ["text", "schema"] : ["text", "json", "schema"];
}

type Sampling = Pick<PlaygroundModel, "temperatureMax" | "takesTopP" | "takesTopK" | "takesStop">;

const NO_SAMPLING: Sampling = {
  temperatureMax: null,
  takesTopP: false,
  takesTopK: false,
  takesStop: false,
};

/** Bounds of the sampling parameters, by the provider's record. */
function samplingOf({ id, provider, reasoning }: Model): Sampling {
  const { temperatureMax, takesTopK, reasoningTakes } = providerRecord(provider).parameters;
  const takesStop = !reasoning || reasoningTakes.stop;
  if (reasoning && !reasoningTakes.sampling(id)) return { ...NO_SAMPLING, takesStop };
  return {
    temperatureMax,
    takesTopP: true,
    takesTopK,
    takesStop,
  };
}

function priceText({ kind }: Model, rates: Rates): string {
  if (kind === "image" && rates.perImage) return `${formatUsd(rates.perImage)} an image`;
  if (kind === "image" && rates.outputImage)
    return `${formatUsd(rates.input)} text in, ${formatUsd(rates.outputImage)} image out per million tokens`;
  if (kind === "speech" && rates.perCharacter)
    return `${formatUsd(rates.perCharacter * 1_000_000)} per million characters`;
  if (kind === "embedding") return `${formatUsd(rates.input)} per million tokens`;
  return `${formatUsd(rates.input)} in, ${formatUsd(rates.output)} out per million tokens`;
}
