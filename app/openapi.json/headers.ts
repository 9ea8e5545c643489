type HeaderObject = { description: string; schema: { type: string } };

const header = (description: string, type = "string"): HeaderObject => ({
  description,
  schema: { type },
});

/** Headers of every response, by name. */
export const responseHeaders: Record<string, HeaderObject> = {
  "x-onekey-request-id": header("Id of the request. Its usage row has the same id."),
};

/** Headers of a response that a provider made, or that a balance refused. */
export const costHeaders: Record<string, HeaderObject> = {
  "x-onekey-max-cost": header(
    "What the request can cost at most, in credits with nine places: the largest hold that it needs.",
  ),
  "x-onekey-cost": header(
    "What the request cost, in credits. In the head of a response that is not streamed and has arrived completely; else a trailer, for clients that send `TE: trailers`.",
  ),
};

/** The version of one object that the management API returns. */
export const etagHeader: Record<string, HeaderObject> = {
  etag: header("The version of the object, for `If-Match`."),
};

/** Headers of errors of the management API, by status. */
export const managementHeaders: Record<string, Record<string, HeaderObject>> = {
  "401": { "www-authenticate": header("How a key is sent: `Bearer`.") },
  "405": { allow: header("The methods that the path takes.") },
  "409": {
    "retry-after": header("Seconds to wait, while the request is being served.", "integer"),
  },
  "429": { "retry-after": header("Seconds until the minute ends, if it is known.", "integer") },
};

/** Headers of every error of OneKey. */
export const errorHeaders: Record<string, HeaderObject> = {
  ...responseHeaders,
  "x-should-retry": header(
    "Whether sending the same request again can help: `true` or `false`. The SDKs of OpenAI and Anthropic follow it.",
  ),
};

/** Headers of responses to the key of a project with a limit of requests a minute. */
export const rateLimitHeaders: Record<string, HeaderObject> = {
  "x-ratelimit-limit-requests": header("Requests a minute that the project allows.", "integer"),
  "x-ratelimit-remaining-requests": header("Requests that are left in this minute.", "integer"),
  "x-ratelimit-reset-requests": header("Seconds until the minute ends, such as `42s`."),
};

/** Headers of a 429 for too many requests in flight. */
const concurrentHeaders: Record<string, HeaderObject> = {
  "x-ratelimit-limit-concurrent-requests": header(
    "Requests in flight that the account may have.",
    "integer",
  ),
  "x-ratelimit-remaining-concurrent-requests": header("Requests that may be added.", "integer"),
  "x-ratelimit-reset-concurrent-requests": header("Seconds to wait, such as `1s`."),
};

/** Headers of a 429, by the limit that was reached. */
export const retryHeaders: Record<string, HeaderObject> = {
  "retry-after": header("Seconds to wait before sending the request again.", "integer"),
  "retry-after-ms": header("The same in milliseconds, where the provider states it.", "integer"),
  ...rateLimitHeaders,
  ...concurrentHeaders,
  "x-ratelimit-limit-credits": header("Credits a month that the project allows."),
  "x-ratelimit-remaining-credits": header("Credits that are left in this month."),
  "x-ratelimit-reset-credits": header("Seconds until the month ends, such as `86400s`."),
};
