// Just enough HTTP/1.1 for the load generator and the provider to cost little compared with what they measure.

const CRLF = Buffer.from("\r\n");
const HEAD_END = Buffer.from("\r\n\r\n");

/**
 * Reads messages off a connection: `onHead` gets the text of each head, `onBody` its body's bytes as they come, `onEnd` the end.
 * Bodies have a content-length or are chunked. Throws for what is neither.
 */
export function createReader({ onHead, onBody, onEnd }) {
  let remainder = null;
  let state = "head";
  let remaining = 0;

  const begin = (head) => {
    onHead(head);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length !== undefined) {
      remaining = Number(length);
      state = remaining > 0 ? "body" : "head";
      if (remaining === 0) onEnd();
    } else if (/\r\ntransfer-encoding: *chunked/i.test(head)) state = "size";
    else throw new Error("A message without a length.");
  };

  return (chunk) => {
    const data = remainder === null ? chunk : Buffer.concat([remainder, chunk]);
    remainder = null;
    let at = 0;
    while (at < data.length) {
      if (state === "body" || state === "chunk") {
        const take = Math.min(remaining, data.length - at);
        onBody(data, at, at + take);
        at += take;
        remaining -= take;
        if (remaining > 0) return;
        if (state === "chunk") state = "after";
        else {
          state = "head";
          onEnd();
        }
        continue;
      }
      const mark = state === "head" ? HEAD_END : CRLF;
      const end = data.indexOf(mark, at);
      if (end < 0) {
        remainder = data.subarray(at);
        return;
      }
      const line = state === "after" ? "" : data.latin1Slice(at, end);
      at = end + mark.length;
      if (state === "head") begin(line);
      else if (state === "size") {
        remaining = Number.parseInt(line, 16);
        state = remaining > 0 ? "chunk" : "trailer";
      } else if (state === "after") state = "size";
      else if (line === "") {
        state = "head";
        onEnd();
      }
    }
  };
}
