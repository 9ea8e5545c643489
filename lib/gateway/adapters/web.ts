import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { errorName, log } from "@/lib/log";
import { createClientConnection, type BodyLimit, type Exchange } from "../exchange";
import { boot } from "@/lib/maintenance/boot";
import { handle } from "../handle";

/** The adapter of Next's route handlers: passes one Web request to `handle`. The client's address is "" without a trusted address header. */
export function handleWeb(request: Request): Promise<Response> {
  const url = new URL(request.url);
  const client = createClientConnection();
  request.signal.addEventListener("abort", () => client.disconnect());
  const addressHeader = env().clientAddressHeader;
  return new Promise((resolve) => {
    let sink: ReadableStreamDefaultController<Uint8Array> | null = null;
    let ready = () => {};
    let hasStarted = false;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        sink = controller;
      },
      pull: () => ready(),
      cancel: () => {
        client.disconnect();
        ready();
      },
    });
    const exchange: Exchange = {
      method: request.method,
      path: url.pathname,
      query: url.search.slice(1),
      headers: Object.fromEntries(request.headers),
      address: (addressHeader && request.headers.get(addressHeader)) || "",
      readBody: (limit) => readBody(request, limit),
      started: () => hasStarted,
      head: (status, headers) => {
        hasStarted = true;
        const list = Object.entries(headers).map(([name, value]): [string, string] => [
          name,
          String(value),
        ]);
        resolve(
          new Response(hasNoBody(request.method, status) ? null : body, { status, headers: list }),
        );
      },
      write: (chunk) => {
        if (client.aborted || !sink) return undefined;
        // Next passes chunks on by reference, and the buffer of the upstream connection is reused.
        sink.enqueue(new Uint8Array(chunk));
        if ((sink.desiredSize ?? 1) > 0) return undefined;
        return new Promise((resolveReady) => {
          ready = resolveReady;
        });
      },
      end: (last) => {
        if (client.aborted) return;
        if (last) sink?.enqueue(new Uint8Array(last));
        sink?.close();
      },
      cut: () => {
        if (!client.aborted) sink?.error(new Error("The response was interrupted."));
      },
      client,
    };
    // An instance sends a heartbeat before its first hold; otherwise the sweep of another instance would release the hold.
    const work = boot().then(() => handle(exchange));
    // The unread body of a refused request is discarded.
    void work.catch(() => undefined).then(() => cancelBody(request));
    // Next waits for a response even when the client disconnected before there was a status.
    void work
      .catch((error: unknown) => log.error("request.failed", { error: errorName(error) }))
      .finally(() => resolve(new Response(null, { status: client.aborted ? 499 : 503 })));
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

/** Stops waiting for a body that was not read to its end. */
async function cancelBody({ body }: Request): Promise<void> {
  if (body && !body.locked) await body.cancel().catch(() => undefined);
}
