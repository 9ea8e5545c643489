const STORED =
  "all customers share one credential there, so they could reach each other's. Send the content in the request instead.";
const SOCKET =
  "they run over a socket whose cost has no bound that could be held. Use POST /v1/responses or POST /v1/chat/completions with stream: true; for audio POST /v1/tts, POST /v1/audio/speech, POST /v1/stt or POST /v1/audio/transcriptions.";

/**
 * Endpoints of the providers that OneKey does not offer, and paths that tools call by mistake: why they are missing and what to
 * use instead. The first that matches counts.
 */
const NOT_OFFERED: [RegExp, string][] = [
  [
    /^\/v1\/(completions|complete)$/,
    "Legacy completions are not supported: the last model for them, gpt-3.5-turbo-instruct of OpenAI, ended on 28 September 2026. Send the prompt as a message to POST /v1/chat/completions.",
  ],
  [
    /^\/v1\/images\/variations$/,
    "Image variations are not supported: they need dall-e-2, which has ended. Use POST /v1/images/edits or POST /v1/images/generations.",
  ],
  [
    /^\/v1\/(realtime|live|audio\/voices)(\/|$)|^\/v1(beta|alpha)\/(auth_tokens|live)(\/|$)|:bidiGenerateContent$/,
    `Live and realtime sessions are not supported: ${SOCKET}`,
  ],
  [
    /^\/v1\/videos?(\/|$)|:predict(LongRunning)?$/,
    `Videos are not supported: they are made in the background and stored at the provider, where ${STORED}`,
  ],
  [
    /^\/v1\/(agents|sessions|environments|vaults|chatkit|workflows)(\/|$)|^\/v1(beta|alpha)\/(agents|environments|credentials)(\/|$)/,
    "Agents are not supported: they run without a bound and store their work at the provider, where all customers share one credential. Run the loop yourself, with POST /v1/responses or POST /v1/messages and your own tools.",
  ],
  [
    /^\/v1\/skills(\/|$)/,
    `Your own skills are not supported: they are stored at the provider, where ${STORED}`,
  ],
  [
    /^\/v1(beta|alpha)?\/interactions\/|^\/v1\/responses\/[^/]+\/cancel$|^\/v1\/chat\/(completions|deferred-completion)\//,
    "Stored and background requests are not supported here: they belong to the provider's account, which all customers share. Send the request with stream: true, and the earlier turns in it.",
  ],
  [
    /^\/v1\/(tts\/voices|custom-voices)(\/|$)/,
    "Lists of voices and voices made from recordings are not supported: the latter are stored at the provider. Name one of the provider's own voices, such as eve, in POST /v1/tts.",
  ],
  [
    /^\/v1\/(messages\/batches|batches)(\/|$)|:(asyncBatch|batch)(GenerateContent|EmbedContents?)$|^\/v1(beta|alpha)\/batches(\/|$)/,
    `Batches are not supported: they are stored at the provider, where ${STORED}`,
  ],
  [
    /^\/v1\/(files|uploads|fine_tuning|fine-tunes|assistants|threads|vector_stores|conversations|containers|evals|prompts|collections|documents)(\/|$)|^\/(upload\/)?v1(beta|alpha)\/(files|cachedContents|fileSearchStores|tunedModels|corpora)(\/|$)/,
    `Objects stored at a provider (files, batches, fine-tuning, assistants, vector stores, conversations) are not supported: ${STORED}`,
  ],
  [
    /^\/v1\/(organizations?|api-key|me|dashboard|management)(\/|$)/,
    "The provider's account is not yours to read or change. Your balance is at GET /v1/credits, your requests at GET /v1/usage.",
  ],
  [
    /^\/v1\/(language-models|image-generation-models|video-generation-models|embedding-models)(\/|$)/,
    "This list of models is not supported. Use GET /v1/models.",
  ],
  [
    /^\/v1\/tokenize-text$/,
    "Counting tokens for xAI is not supported. The usage of a response states them.",
  ],
  [
    /^(\/v[12])?\/rerank$/,
    "Reranking is not supported. Compare embeddings of POST /v1/embeddings instead.",
  ],
  [
    /^(\/v1)?\/(openai\/deployments|engines)\//,
    "Deployments of Azure are not supported. Use an OpenAI client with a base URL that ends in /v1, and name the model in the body.",
  ],
];

/** Why a path is not offered and what to use instead; null for one that no provider is known to have. */
export const whyNotOffered = (path: string): string | null =>
  NOT_OFFERED.find(([pattern]) => pattern.test(path))?.[1] ?? null;
