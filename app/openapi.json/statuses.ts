import type { STATUS } from "@/lib/errors";

type StatusCode = (typeof STATUS)[keyof typeof STATUS];

/** What each status of OneKey means, and what the caller can do about it. */
export const statusTexts: Record<StatusCode, { meaning: string; remedy: string }> = {
  400: {
    meaning:
      "The body or the query cannot be routed or priced: malformed JSON, a field that decides the price given twice, an object stored at a provider.",
    remedy: "Change the field that the message names. No provider was contacted.",
  },
  401: {
    meaning: "The key is missing, mistyped, revoked or replaced.",
    remedy: "Create a key in the dashboard.",
  },
  402: {
    meaning: "The maximum cost of the request is more than the balance.",
    remedy: "Add credits, or lower the output limit to the one that the message names.",
  },
  403: {
    meaning: "A limit of the project does not allow this model or this address.",
    remedy: "Change the limits of the project.",
  },
  404: {
    meaning: "The model, path or object does not exist, or belongs to another account.",
    remedy: "Correct the id. For an unknown model the message names the nearest ids.",
  },
  405: {
    meaning: "The path does not take this method.",
    remedy: "Use the method in the header Allow.",
  },
  413: {
    meaning: "The body is over the limit, after decompression too.",
    remedy: "Send a smaller body.",
  },
  426: {
    meaning:
      "The connection asked for a protocol that is not served at this path. WebSockets are served at /v1/responses.",
    remedy: "Send the request over HTTP.",
  },
  429: {
    meaning:
      "A limit of the account or the project is reached, its credits are held by requests in flight (`in_flight_budget`), or the provider limits the rate.",
    remedy: "Wait for the seconds in Retry-After.",
  },
  500: {
    meaning: "OneKey failed.",
    remedy: "Send the request again. Nothing was charged if no response began.",
  },
  502: {
    meaning:
      "The provider could not be reached, or the connection was interrupted before the response began.",
    remedy: "Send the request again. Nothing was charged.",
  },
  503: {
    meaning: "The provider or the database is unavailable.",
    remedy: "Wait for the seconds in Retry-After.",
  },
  504: {
    meaning: "The provider did not respond in time.",
    remedy: "Stream long responses.",
  },
};
