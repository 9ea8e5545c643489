import type { IncomingMessage, ServerResponse } from "node:http";
import { clientAddress } from "@/lib/http/client-address";
import { AppError } from "@/lib/errors";
import {
  createClientConnection,
  type BodyLimit,
  type ClientConnection,
  type Exchange,
} from "../exchange";
import { handle } from "../handle";

/** The adapter of the Node server: passes one request of node:http to `handle`. */
export const handleNode = (req: IncomingMessage, res: ServerResponse): Promise<void> =>
  handle(createNodeExchange(req, res));

export function createNodeExchange(req: IncomingMessage, res: ServerResponse): Exchange {
  const [path = "", query = ""] = splitOnce(req.url ?? "/");
  const client = createClientConnection();
  res.once("close", () => {
    if (!res.writableFinished) client.disconnect();
  });
  return {
    method: req.method ?? "GET",
    path,
    query,
    headers: req.headers,
    address: clientAddress(req),
    readBody: (limit) => readBody({ req, client, ...limit }),
    head: (status, headers) => {
      if (res.headersSent) return;
      // The rest of the body is not read, so the connection cannot be used again.
      res.writeHead(status, isUnread(req) ? { ...headers, connection: "close" } : headers);
    },
    started: () => res.headersSent,
    write: (chunk) =>
      res.destroyed || res.write(chunk)
        ? undefined
        : new Promise((resolve) => {
            const continueRequest = () => {
              res.off("drain", continueRequest);
              res.off("close", continueRequest);
              resolve();
            };
            res.once("drain", continueRequest);
            res.once("close", continueRequest);
          }),
    end: (last, trailers) => {
      if (trailers) res.addTrailers(trailers);
      if (isUnread(req)) return endUnread({ req, res, last });
      if (last) res.end(last);
      else res.end();
    },
    cut: () => void res.destroy(),
    client,
  };
}

function splitOnce(url: string): [string, string] {
  const at = url.indexOf("?");
  return at < 0 ? [url, ""] : [url.slice(0, at), url.slice(at + 1)];
}

/** Whether some of a request's body has not arrived. */
const isUnread = ({ complete, headers }: IncomingMessage): boolean =>
  !complete &&
  (Number(headers["content-length"] ?? 0) > 0 || headers["transfer-encoding"] !== undefined);

/** How much of an unread body is read and dropped, and for how long, before its connection is closed. */
const DROPPED_BYTES_MAX = 256 * 1024;
const DROPPED_MS_MAX = 1_000;

/**
 * Ends a response whose request still sends its body. A connection that is closed while bytes arrive is reset, and the client
 * may lose the response (RFC 9112 §9.6), so a little more is read and dropped first.
 */
function endUnread({
  req,
  res,
  last,
}: {
  req: IncomingMessage;
  res: ServerResponse;
  last: Uint8Array | undefined;
}): void {
  if (last) res.write(last);
  let droppedBytes = 0;
  const drop = (chunk: Buffer) => {
    droppedBytes += chunk.length;
    // Whatever was still reading for the request has paused it.
    if (droppedBytes > DROPPED_BYTES_MAX) close();
    else req.resume();
  };
  const close = () => {
    clearTimeout(timer);
    req.off("data", drop).off("end", close).off("close", close);
    res.end();
  };
  const timer = setTimeout(close, DROPPED_MS_MAX);
  req.on("data", drop).once("end", close).once("close", close).resume();
}

type BodyReading = BodyLimit & { req: IncomingMessage; client: ClientConnection };

/** Memory for a long body is allocated once this share of it has arrived: a length that is only claimed takes no memory. */
const TRUSTED_LENGTH_SHARE = 1 / 16;
const LONG_BYTES = 256 * 1024;

function readBody({ req, client, bytesMax, take }: BodyReading): Promise<Buffer> {
  const tooLarge = () =>
    new AppError(
      "too_large",
      `The request body is over ${Math.floor(bytesMax / 1024 / 1024)} MiB.`,
    );
  const length = Number(req.headers["content-length"] ?? 0);
  if (length > bytesMax) return Promise.reject(tooLarge());
  let chunks: Buffer[] = [];
  let bytes = 0;
  let complete: Buffer | null = null;
  return new Promise((resolve, reject) => {
    const stop = (error: unknown) => {
      req.pause();
      req.off("data", onData).off("end", onEnd);
      chunks = [];
      complete = null;
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const onData = (chunk: Buffer) => {
      if (bytes + chunk.length > bytesMax) return stop(tooLarge());
      try {
        take(chunk.length);
      } catch (error) {
        return stop(error);
      }
      if (complete) chunk.copy(complete, bytes);
      else chunks.push(chunk);
      bytes += chunk.length;
      if (complete || length < LONG_BYTES || bytes < length * TRUSTED_LENGTH_SHARE) return;
      complete = Buffer.allocUnsafe(length);
      let at = 0;
      for (const part of chunks) at += part.copy(complete, at);
      chunks = [];
    };
    const removeListener = client.onDisconnect(() =>
      reject(new AppError("bad_request", "The request body was interrupted.")),
    );
    const onEnd = () => {
      removeListener();
      resolve(complete ?? (chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    };
    req.on("data", onData).on("end", onEnd);
  });
}
