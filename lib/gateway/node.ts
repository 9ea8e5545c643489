import type { IncomingMessage, ServerResponse } from "node:http";
import { clientAddress } from "@/lib/client-address";
import { AppError } from "@/lib/errors";
import { createDeparture, type Exchange } from "./exchange";
import { handle } from "./handle";

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
    readBody: (bytesMax) => readBody(req, res, bytesMax),
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

async function readBody(req: IncomingMessage, res: ServerResponse, bytesMax: number): Promise<Buffer> {
  const tooLarge = () => {
    // The rest of the body is not read, so the connection cannot be used again.
    res.setHeader("connection", "close");
    return new AppError("too_large", `The request body is over ${bytesMax / 1024 / 1024} MiB.`);
  };
  if (Number(req.headers["content-length"] ?? 0) > bytesMax) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve, reject) => {
    req.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > bytesMax) {
        req.pause();
        req.removeAllListeners("data");
        reject(tooLarge());
      } else chunks.push(chunk);
    });
    req.once("end", () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    req.once("error", (error) => reject(new AppError("bad_request", "The request body broke off.", { cause: error })));
    req.once("close", () => {
      // After a whole body too, where an error would be made for nothing.
      if (!req.complete) reject(new AppError("bad_request", "The request body broke off."));
    });
  });
}
