import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import type { Dialect } from "./endpoints";
import { whyNotOffered } from "./paths-not-offered";

/** The error of a path that OneKey does not serve: it says what the path could have been, and which base URL a client needs. */
export function unknownPath({
  path,
  dialect,
  known: knownPaths,
}: {
  path: string;
  dialect: Dialect;
  /** The paths of all endpoints that take a POST. */
  known: string[];
}): AppError {
  const advice = whyNotOffered(path) ?? suggestEndpoint(path, knownPaths);
  const quotedPath = JSON.stringify(path.slice(0, 100));
  return new AppError(
    "not_found",
    [
      `There is no endpoint ${quotedPath}.`,
      advice,
      baseUrl(dialect),
      `All endpoints: ${env().nextauthUrl}/docs/api.`,
    ]
      .filter((sentence) => sentence !== "")
      .join(" "),
  );
}

function baseUrl(dialect: Dialect): string {
  const origin = env().nextauthUrl;
  switch (dialect) {
    case "openai":
      return `The base URL of an OpenAI client is ${origin}/v1.`;
    case "anthropic":
      return `The base URL of an Anthropic client is ${origin}, without /v1.`;
    case "gemini":
      return `The base URL of a Google client is ${origin}, without a version.`;
  }
}

/** The endpoint whose last segments a path ends in, or that is spelled most like it. */
function suggestEndpoint(path: string, knownPaths: string[]): string {
  const last = path.split("/").at(-1) ?? "";
  const action = last.split(":")[1];
  const all = [...knownPaths, "/v1/models"];
  const matches = all.filter((knownPath) =>
    action !== undefined ? knownPath.endsWith(`:${action}`) : knownPath.split("/").at(-1) === last,
  );
  const near = matches.length > 0 ? matches : all.filter((knownPath) => isSimilar(knownPath, path));
  const [first] = near;
  if (first === undefined) return "";
  return `Did you mean ${first === "/v1/models" ? "GET" : "POST"} ${first}?`;
}

/** Whether two paths differ by two letters at most, or by two that are swapped. */
function isSimilar(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 2) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end))
    end++;
  return Math.max(a.length, b.length) - start - end <= 2;
}
