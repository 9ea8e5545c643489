import { accountEndpoint } from "@/components/ui/account-endpoint";
import type { PlaygroundQuote, PlaygroundRow } from "@/lib/playground/schema";
import type { PlaygroundRequest } from "./build-body";
import type { RequestProblem } from "./conversation";
import { textAt } from "./read-stream";

/** A response that is no success, or none at all. */
export class RequestError extends Error {
  constructor(
    readonly problem: RequestProblem,
    readonly requestId: string | undefined,
  ) {
    super(problem.message);
  }
}

/** Sends a request through the gateway with the session, for a project. Throws RequestError. */
export async function sendRequest(input: {
  request: PlaygroundRequest;
  projectId: string;
  signal: AbortSignal;
}): Promise<{ response: Response; requestId: string | undefined }> {
  const { request, projectId, signal } = input;
  const response = await fetch(request.path, {
    method: "POST",
    headers: { "content-type": "application/json", "x-onekey-project": projectId },
    body: JSON.stringify(request.body),
    cache: "no-store",
    signal,
  });
  const requestId = response.headers.get("x-onekey-request-id") ?? undefined;
  if (response.ok) return { response, requestId };
  const problem = await problemOf(response);
  throw new RequestError(problem, requestId);
}

async function problemOf(response: Response): Promise<RequestProblem> {
  const text = await response.text();
  const retryAfter = Number(response.headers.get("retry-after"));
  return {
    status: response.status,
    message: messageIn(text) ?? `The request failed with status ${response.status}.`,
    ...(retryAfter > 0 ? { retryAfter } : {}),
  };
}

function messageIn(text: string): string | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return textAt(body, "error", "message") ?? textAt(body, "message");
  } catch {
    return undefined;
  }
}

/** The row of a request once it is settled; null when there is none yet. */
export async function fetchRow(requestId: string): Promise<PlaygroundRow | null> {
  const response = await fetch(accountEndpoint(`/api/playground/rows/${requestId}`), {
    cache: "no-store",
  });
  return response.ok ? ((await response.json()) as PlaygroundRow) : null;
}

/** Bodies above this are not quoted before they are sent. */
const QUOTE_BYTES_MAX = 1_000_000;

/** What a request would be held for, a problem that it would be refused for, or null where it is too long to ask. */
export async function fetchQuote(
  { path, body }: PlaygroundRequest,
  signal: AbortSignal,
): Promise<PlaygroundQuote | { problem: string } | null> {
  const text = JSON.stringify(body);
  if (new Blob([text]).size > QUOTE_BYTES_MAX) return null;
  const response = await fetch(
    accountEndpoint(`/api/playground/quote?path=${encodeURIComponent(path)}`),
    {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: text,
      cache: "no-store",
      signal,
    },
  );
  if (response.ok) return (await response.json()) as PlaygroundQuote;
  return { problem: messageIn(await response.text()) ?? "The request cannot be priced." };
}
