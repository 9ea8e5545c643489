import type { IncomingMessage, ServerResponse } from "node:http";
import { clientAddress } from "@/lib/http/client-address";
import { AppError } from "@/lib/errors";
import { createDeparture, type Departure, type Exchange } from "../exchange";
import { handle } from "../handle";

/** The fast door: one request of a node:http server through `handle`. */
export function handleNode(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const [path = "", query = ""] = splitOnce(req.url ?? "/");
  const left = createDeparture();
  res.once("close", () => {
    if (!res.writableFinished) left.leave();
  });
  const exchange: Exchange = {
    method: req.method ?? "GET",
    path,
    query,
    headers: req.headers,
    address: clientAddress(req),
    readBody: (bytesMax) => readBody({ req, res, left, bytesMax }),
    head: (status, headers) => {
      if (!res.headersSent) res.writeHead(status, headers);
    },
    started: () => res.headersSent,
    write: (chunk) =>
      res.destroyed || res.write(chunk)
        ? undefined
        : new Promise((resolve) => {
            const done = () => {
              res.off("drain", done);
              res.off("close", done);
              resolve();
            };
            res.once("drain", done);
            res.once("close", done);
          }),
    end: (last) => void (last ? res.end(last) : res.end()),
    cut: () => void res.destroy(),
    left,
  };
  return handle(exchange);
}

function splitOnce(url: string): [string, string] {
  const at = url.indexOf("?");
  return at < 0 ? [url, ""] : [url.slice(0, at), url.slice(at + 1)];
}

type Reading = { req: IncomingMessage; res: ServerResponse; left: Departure; bytesMax: number };

/** From this share of a long body on, what comes goes to its place in the whole: a length that is only claimed takes no memory. */
const CLAIM_SHOWN = 1 / 16;
const LONG_BYTES = 256 * 1024;

function readBody({ req, res, left, bytesMax }: Reading): Promise<Buffer> {
  const tooLarge = () => {
    // The rest of the body is not read, so the connection cannot be used again.
    res.setHeader("connection", "close");
    return new AppError("too_large", `The request body is over ${bytesMax / 1024 / 1024} MiB.`);
  };
  const length = Number(req.headers["content-length"] ?? 0);
  if (length > bytesMax) return Promise.reject(tooLarge());
  let chunks: Buffer[] = [];
  let bytes = 0;
  let whole: Buffer | null = null;
  return new Promise((resolve, reject) => {
    req.on("data", (chunk: Buffer) => {
      if (bytes + chunk.length > bytesMax) {
        req.pause();
        req.removeAllListeners("data");
        return reject(tooLarge());
      }
      if (whole) chunk.copy(whole, bytes);
      else chunks.push(chunk);
      bytes += chunk.length;
      if (whole || length < LONG_BYTES || bytes < length * CLAIM_SHOWN) return;
      whole = Buffer.allocUnsafe(length);
      let at = 0;
      for (const each of chunks) at += each.copy(whole, at);
      chunks = [];
    });
    const stay = left.whenLeft(() =>
      reject(new AppError("bad_request", "The request body broke off.")),
    );
    req.on("end", () => {
      stay();
      resolve(whole ?? (chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    });
  });
}
