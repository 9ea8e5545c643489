/** What a test asks of a stand-in, written in the request's content as `[[sandbox: {json}]]`. */
export type Directive = {
  status?: number;
  retryAfter?: number;
  quote?: boolean;
  delayMs?: number;
  chunkDelayMs?: number;
  chunks?: number;
  chunkBytes?: number;
  crlf?: boolean;
  comments?: boolean;
  cutAfterChunks?: number;
  hang?: boolean;
  noUsage?: boolean;
  usage?: Record<string, unknown>;
  wrongJson?: boolean;
  huge?: number;
  gzip?: boolean;
  splitUtf8?: boolean;
  hold?: boolean;
  incomplete?: boolean;
  failed?: boolean;
  text?: string;
  reasoningMs?: number;
  headers?: Record<string, string>;
  dropConnection?: boolean;
};

/** Finds the directive in a body; inside a JSON string its quotes are escaped. */
export function directiveIn(body: Buffer): Directive {
  const start = body.indexOf("[[sandbox:");
  const end = body.indexOf("]]", start);
  if (start < 0 || end < 0) return {};
  const text = body.toString("utf8", start + "[[sandbox:".length, end);
  for (const candidate of [text, text.replaceAll('\\"', '"')]) {
    try {
      return JSON.parse(candidate) as Directive;
    } catch {
      // Not this spelling.
    }
  }
  return {};
}
