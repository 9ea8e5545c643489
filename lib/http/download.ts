/** A response that a browser saves as a file, streamed in chunks; when the client disconnects, the chunks end. */
export function download({
  pieces,
  type,
  name,
}: {
  pieces: AsyncGenerator<string>;
  type: string;
  name: string;
}): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await pieces.next();
      if (next.done) controller.close();
      else if (next.value !== "") controller.enqueue(encoder.encode(next.value));
      else await this.pull?.(controller);
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
  return new Response(body, {
    headers: {
      "content-type": `${type}; charset=utf-8`,
      "content-disposition": `attachment; filename="${name}"`,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
  });
}
