/** What a path of the API begins with, and what looks like one: an unknown path below it gets a JSON error, never a page. */
export const API_LOOKING =
  /^\/(v1|v1beta|v1alpha|v2|upload|openai|anthropic|chat|completions|responses|messages|embeddings|moderations|images|audio|rerank|engines)(\/|$)/;
/** Endpoints without the version that a base URL should have brought along. */
const UNVERSIONED =
  /^\/(chat\/completions|completions|responses|messages|embeddings|moderations|images|audio)(\/|$)/;
/** The management API is served with the pages: it calls no provider. */
const MANAGEMENT = /^\/v1\/manage\//;
const UNVERSIONED_MODELS = /^\/models(\/[^/]+){0,2}$/;
const GEMINI_ACTION = /^\/models\/[^/]+:[A-Za-z]+$/;
const DOUBLED_VERSION = /^\/(?:v1|v1beta|v1alpha)(?=\/(?:v1|v1beta|v1alpha)\/)/;
const OPENAI_AT_GOOGLE = /^\/v1beta\/openai(?=\/(chat\/completions|embeddings|models)(\/|$))/;

type ApiCredentials = Partial<Record<"authorization" | "x-api-key" | "x-goog-api-key", unknown>>;

/**
 * The path of the API that a request means, or null for a page's. A base URL with a version too many or too few is the most
 * common slip, and a trailing slash the next: each of them has one meaning only, so it is served. Nothing is decoded.
 */
export function findApiPath(path: string, headers: ApiCredentials): string | null {
  const pathname = path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
  // The site has a page of that name, for readers without a key.
  if (GEMINI_ACTION.test(pathname)) return `/v1beta${pathname}`;
  if (UNVERSIONED_MODELS.test(pathname)) return hasKey(headers) ? `/v1${pathname}` : null;
  if (!API_LOOKING.test(pathname) || MANAGEMENT.test(pathname)) return null;
  if (UNVERSIONED.test(pathname)) return `/v1${pathname}`;
  return pathname.replace(DOUBLED_VERSION, "").replace(OPENAI_AT_GOOGLE, "/v1");
}

const hasKey = (headers: ApiCredentials): boolean =>
  headers.authorization !== undefined ||
  headers["x-api-key"] !== undefined ||
  headers["x-goog-api-key"] !== undefined;
