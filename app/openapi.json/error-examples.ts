import { AppError, STATUS, type ErrorCode } from "@/lib/errors";
import { errorBody } from "@/lib/gateway/response/error-body";
import type { statusTexts } from "./statuses";
import type { Dialect } from "@/lib/gateway/request/endpoints";

const messages: Record<keyof typeof statusTexts, string> = {
  400: "The field model is missing. Send the id of a model.",
  401: "This is not a OneKey key, or it was mistyped: keys begin with sk-onekey- and end with a checksum.",
  402: "This request can cost up to 2.948984000 credits and 0.412000000 are available: add credits, or send less.",
  403: "This project does not allow the model gpt-6-luna.",
  404: "There is no such model: GET the list to see them all.",
  405: "/v1/chat/completions takes POST, not GET.",
  413: "The body is over 33554432 bytes.",
  426: "WebSocket is not served at this path: send the request over HTTP.",
  429: "This project allows 60 requests a minute. Wait 42 seconds.",
  500: "Something failed on our side.",
  502: "The provider could not be reached.",
  503: "The provider is unavailable. Wait 10 seconds.",
  504: "The provider did not respond in time.",
};

/** An example of an error of OneKey in the form of a dialect, made by the function that makes the real ones. */
export function errorExample(status: keyof typeof statusTexts, dialect: Dialect): unknown {
  const code = (Object.keys(STATUS) as ErrorCode[]).find((name) => STATUS[name] === status);
  if (!code) return undefined;
  const error = new AppError(code, messages[status], status === 400 ? { param: "model" } : {});
  return JSON.parse(errorBody(error, dialect, "req_1bG7mXe5UaS9dRh2KfQ6Zc")) as unknown;
}
