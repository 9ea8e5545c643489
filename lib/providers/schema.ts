import type { EndpointName, Model, Provider } from "@/lib/catalog/schema";

/** A provider's response headers, by lower-case names. */
export type ResponseHeaders = Record<string, string | string[] | undefined>;

/** The fields that the providers' error bodies have in common; an absent one is an empty text. */
export type ErrorEnvelope = {
  message: string;
  type: string;
  code: string;
  param: string;
  /** Google's `error.details`, Anthropic's `error.details` as one entry. */
  details: Record<string, unknown>[];
};

/** A response with a status of 400 or more. */
export type UpstreamError = {
  status: number;
  headers: ResponseHeaders;
  envelope: ErrorEnvelope;
};

/** What is wrong with our account, for the operator. */
export type CredentialProblem =
  | "invalid_key"
  | "no_credits"
  | "spend_limit"
  | "account_disabled"
  | "no_access";

/** What an error of a provider is about. It decides what the client gets, and what happens to the channel. */
export type ErrorClass =
  /** This request: the provider's response is passed through, and the channel is left as it is. */
  | { kind: "request" }
  /** A limit of requests or tokens in a time: `waitMs` as the provider states it, null where it states none. */
  | { kind: "rate_limit"; waitMs: number | null }
  /** Our credential or our account; `scope` is "model" where other models may still work with it. */
  | { kind: "credential"; problem: CredentialProblem; scope: "channel" | "model" }
  /** A failure of the provider, whatever was sent. */
  | { kind: "server" };

/** A tool that a provider runs itself. One that its record does not list has no price, and is rejected. */
export type ProviderTool = {
  /** The `type` that a request names it by. */
  types: RegExp;
  /**
   * "tokens" where only the tokens that it reads and writes are charged (the caller runs it, or the provider asks nothing for
   * it); else its calls are charged as well, under the first of these names with a price.
   */
  charge: "tokens" | readonly string[];
  /** What it adds to the request: nothing where the caller runs it, what a few calls find, or as much as it likes. */
  brings: "nothing" | "findings" | "anything";
  /** The image model that it runs where the request names none: the tokens of that model are charged as well. */
  imageModel?: string;
  /** Whether it has no price in this request. */
  unless?(request: { tools: string[] }, model: Pick<Model, "reasoning" | "prices">): boolean;
};

/** An item of a response, or a block of a message, as far as it names a tool that the provider ran. */
export type ResponseItem = { id?: string; type?: string; action?: string; name?: string };

/** What of a text decides how tokenizers differ on it, each from 0 to 1. */
export type TextShape = {
  /** The share of symbols among its characters: about 0.03 in prose, 0.15 and more in code and JSON. */
  symbols: number;
  /** The share of its tokens that are of scripts written without spaces: Chinese, Japanese, Korean. */
  wide: number;
};

/** How a provider states what a request used, where it differs from OpenAI's fields. */
export type UsageRules = {
  /** Where the chat usage counts reasoning: in the completion, next to it, or only in the total. */
  chatReasoning: "in completion" | "separate" | "in total";
  /** The chat usage counts the sources of a live search. */
  countsLiveSearch: boolean;
  /** No usage counts the calls of tools that the provider runs: they are counted as the response shows them. */
  callsAreShown: boolean;
  /** Images are priced by the piece, and their usage states no tokens. */
  imagesByPiece: boolean;
  /** The response shows what a tool found; elsewhere a usual find is counted for each call. */
  showsFindings: boolean;
  /** The output limit of chat completions bounds reasoning too. */
  chatLimitsReasoning: boolean;
  /** How many rounds of its tools a response has at most; null where there is no such limit. */
  toolRoundsMax: number | null;
  /** The fewest tokens of input at which a request that allows it is summarized. */
  compactionInputMin: number;
  /** Prompts are written to a cache unasked; elsewhere only where the request marks them. */
  cachesUnmarked: boolean;
  /** How many tokens one of o200k can be, at most, for holding. */
  tokensPerO200kMax: number;
  /** How many tokens one of o200k usually is in such a text, for estimates. */
  tokensPerO200k(modelId: string, text: TextShape): number;
  /** The tokens that frame a call of a tool and each of its arguments in a response, next to their texts. */
  callTokens: { call: number; argument: number };
  /** Whether a model that can reason does so where the request says nothing of it. */
  reasonsUnasked(modelId: string): boolean;
  /** What the provider charges for a request that its own rules refuse, in nano-credits. */
  refusalFee: number;
  /** Whether an error is such a refusal. */
  isChargedRefusal(error: UpstreamError): boolean;
  /** The name that a shown item is charged under; null for one that is not charged. */
  chargedCall(item: ResponseItem): string | null;
};

/** What a provider says it does with API data; its own page decides. */
export type ProviderPolicy = {
  name: string;
  trains: string;
  policy: string;
  href: string;
  /** What it keeps of a request unless something else is requested or agreed. */
  keeps: string;
};

/** In place of a path: the one of the request itself. */
export const SAME_PATH = "same";

/** Everything OneKey knows of one provider. */
/** Parameters that a provider's models take. The gateway forwards what clients send; the playground offers these. */
export type ModelParameters = {
  /** The format of requests to its text models. */
  textFormat: "messages" | "chat";
  /** The field of chat completions that limits output. */
  outputLimit: "max_tokens" | "max_completion_tokens";
  /** What chat completions take besides text. */
  chatMedia: readonly string[];
  temperatureMax: number;
  takesTopK: boolean;
  /** Whether a model that reasons takes temperature, top_p and top_k, and whether such models take stop sequences. */
  reasoningTakes: { sampling: (modelId: string) => boolean; stop: boolean };
  /** How a model in the format "messages" is asked to reason: by an effort, or by a budget of tokens. */
  thinking: (modelId: string) => "effort" | "budget";
  /** Whether images have `size` and `quality`; they are in the response then, else on `response_format: "b64_json"`. */
  imagesHaveSizes: boolean;
};

export type ProviderRecord = {
  id: Provider;
  name: string;
  /** Where the provider documents its API. */
  documentation: string;
  policy: ProviderPolicy;
  baseUrl: string;
  /** Where its mock is, below the address of the sandbox's providers. */
  sandboxPath: string;
  /** The headers of a credential; `isCompatible` for endpoints in OpenAI's format. */
  credentialHeaders(credential: string, isCompatible: boolean): Record<string, string>;
  /** Headers that its own endpoints get where the client sends none. */
  defaultHeaders: Record<string, string>;
  /** Changes headers of the client that our credential cannot be used with. */
  adjustHeaders?(headers: Record<string, string>): void;
  /** The path of each endpoint that it serves, below the base URL. */
  paths: Partial<Record<EndpointName, string>>;
  /** The model of a request that names none, at endpoints where the provider takes no model or does not need one. */
  defaultModels?: Partial<Record<EndpointName, string>>;
  /** The format of its list of models, for the catalog check. */
  modelList: "openai" | "anthropic" | "google";
  /** How it reports what it charged us: by an organization's cost API, in each response, or not by API. */
  costReport: "openai_costs" | "anthropic_costs" | "in_responses" | "none";
  /** Its names in public price lists: genai-prices' provider id, and the prefix of ids in LiteLLM's list. */
  priceLists: { genaiPrices: "openai" | "anthropic" | "google" | "x-ai"; litellmPrefix: string };
  tools: readonly ProviderTool[];
  usage: UsageRules;
  parameters: ModelParameters;
  /** What an error is about, by the provider's own codes; null where only its status says. */
  classifyError(error: UpstreamError): ErrorClass | null;
  /** How the provider writes the ids of our team, project, organization and keys into a message. A first group is kept. */
  accountIds: RegExp[];
};

/** The address and the credentials that a provider is reached with. */
export type ProviderSettings = { baseUrl: string; keys: string[] };
