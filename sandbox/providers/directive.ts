/** What a test asks of a mock, written in the request's content as `[[sandbox: {json}]]`, or posted to /__control/next. */
export type MockDirective = {
  /** Fail with this status, in the provider's own shape; `quote` repeats the request in the message. */
  status?: number;
  retryAfter?: number;
  quote?: boolean;
  /** The body of that failure in place of the provider's usual one. */
  error?: unknown;
  /** Wait before the response starts. */
  delayMs?: number;
  /** Wait for /__control/release. */
  hold?: boolean;
  /** Never respond; or stop, with the connection open, after so many chunks. */
  hang?: boolean;
  hangAfterChunks?: number;
  /** Disconnect before a response, or after so many chunks of one. */
  dropConnection?: boolean;
  cutAfterChunks?: number;
  /** On a socket: disconnect in the first turn that has this text, and in no later one. */
  cutOnce?: string;
  /** What is said, and in how many pieces. */
  text?: string;
  chunks?: number;
  chunkDelayMs?: number;
  /** Time that passes unseen before the first visible piece. */
  reasoningMs?: number;
  /** Shell commands that an agent is made to run, one in each turn, before it gets its text. */
  shell?: string[];
  /** Commands of it that ran in earlier turns of a socket, which later turns do not repeat. */
  resultsBefore?: number;
  /** Tools that were declared in those turns. */
  toolsBefore?: unknown[];
  /** How the response ends. */
  incomplete?: boolean;
  failed?: boolean;
  /** The usage to state, in the provider's own fields; or none. */
  usage?: Record<string, unknown>;
  noUsage?: boolean;
  /** The service tier to state. */
  serviceTier?: string;
  /** Whether the events of a socket have line breaks and indentation. */
  prettyEvents?: boolean;
  /** How the bytes of the response arrive. */
  chunkBytes?: number;
  splitUtf8?: boolean;
  crlf?: boolean;
  comments?: boolean;
  gzip?: boolean;
  wrongJson?: boolean;
  huge?: number;
  /** A content-length that is more than what comes. */
  lieLength?: boolean;
  /** Bytes after the end that a stream declares. */
  garbageAfterDone?: boolean;
  headers?: Record<string, string>;
};

/** Tools may quote a prompt as a string once more. */
const ESCAPES_MAX = 3;

/** Finds the directive in a body; inside a JSON string its quotes are escaped. */
export function directiveIn(body: Buffer): MockDirective {
  const start = body.indexOf("[[sandbox:");
  const end = body.indexOf("]]", start);
  if (start < 0 || end < 0) return {};
  let text = body.toString("utf8", start + "[[sandbox:".length, end);
  for (let depth = 0; depth <= ESCAPES_MAX; depth++) {
    try {
      return JSON.parse(text) as MockDirective;
    } catch {
      text = unescaped(text);
    }
  }
  return {};
}

function unescaped(text: string): string {
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text.replaceAll('\\"', '"');
  }
}
