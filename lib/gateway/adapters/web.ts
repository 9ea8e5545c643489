import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { errorName, log } from "@/lib/log";
import { createDeparture, type BodyLimit, type Exchange } from "../exchange";
import { boot } from "@/lib/maintenance/boot";
import { handle } from "../handle";

/** Next's door: one Web request through `handle`. Without a trusted address header the client's address is not known here. */
export function handleWeb(request: Request): Promise<Response> {
  const url = new URL(request.url);
  const left = createDeparture();
  request.signal.addEventListener("abort", () => left.leave());
  const trusted = env().clientAddressHeader;
  return new Promise((resolve) => {
    let sink: ReadableStreamDefaultController<Uint8Array> | null = null;
    let ready = () => {};
    let started = false;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        sink = controller;
      },
      pull: () => ready(),
      cancel: () => {
        left.leave();
        ready();
      },
    });
    const exchange: Exchange = {
      method: request.method,
      path: url.pathname,
      query: url.search.slice(1),
      headers: Object.fromEntries(request.headers),
      address: (trusted && request.headers.get(trusted)) || "",
      readBody: (limit) => readBody(request, limit),
      started: () => started,
      head: (status, headers) => {
        started = true;
        const list = Object.entries(headers).map(([name, value]): [string, string] => [
          name,
          String(value),
        ]);
        resolve(
          new Response(hasNoBody(request.method, status) ? null : body, { status, headers: list }),
        );
      },
      write: (chunk) => {
        if (left.aborted || !sink) return undefined;
        // Next hands chunks on by reference, and the provider's buffer is used again.
        sink.enqueue(new Uint8Array(chunk));
        if ((sink.desiredSize ?? 1) > 0) return undefined;
        return new Promise((go) => {
          ready = go;
        });
      },
      end: (last) => {
        if (left.aborted) return;
        if (last) sink?.enqueue(new Uint8Array(last));
        sink?.close();
      },
      cut: () => {
        if (!left.aborted) sink?.error(new Error("The provider broke off."));
      },
      left,
    };
    // An instance shows itself alive before its first hold, or another's sweep would take it.
    const work = boot().then(() => handle(exchange));
    // What a refused request still sends is not wanted.
    void work.catch(() => undefined).then(() => cancelBody(request));
    // A client that left before there was a status has nobody to tell, but Next still waits for an answer.
    void work
      .catch((error: unknown) => log.error("request.failed", { error: errorName(error) }))
      .finally(() => resolve(new Response(null, { status: left.aborted ? 499 : 503 })));
  });
}

const hasNoBody = (method: string, status: number): boolean =>
  method === "HEAD" || status === 204 || status === 304;

async function readBody(request: Request, { bytesMax, take }: BodyLimit): Promise<Buffer> {
  const tooLarge = () =>
    new AppError(
      "too_large",
      `The request body is over ${Math.floor(bytesMax / 1024 / 1024)} MiB.`,
    );
  if (Number(request.headers.get("content-length") ?? 0) > bytesMax) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  if (request.body) {
    for await (const chunk of request.body) {
      bytes += chunk.length;
      if (bytes > bytesMax) throw tooLarge();
      take(chunk.length);
      chunks.push(chunk);
    }
  }
  return Buffer.concat(chunks);
}

/** A body that was not read, or not to its end, is not waited for any more. */
async function cancelBody({ body }: Request): Promise<void> {
  if (body && !body.locked) await body.cancel().catch(() => undefined);
}
