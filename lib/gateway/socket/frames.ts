/**
 * Between the two sockets a turn is the stream of server-sent events that it would be over HTTP, so that it is metered and
 * relayed by the same code. Framing loses nothing: `unframe(frame(message))` is the message, byte for byte.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
const DATA = Buffer.from("data: ");
const NEXT_LINE = Buffer.from("\ndata: ");
const END = Buffer.from("\n\n");
const LF = 0x0a;

/** A message of a socket as one event. */
export function frame(message: Buffer): Buffer {
  if (!message.includes(LF)) return Buffer.concat([DATA, message, END]);
  const parts: Buffer[] = [DATA];
  let from = 0;
  for (let at = message.indexOf(LF); at !== -1; at = message.indexOf(LF, from)) {
    parts.push(message.subarray(from, at), NEXT_LINE);
    from = at + 1;
  }
  return Buffer.concat([...parts, message.subarray(from), END]);
}

/** The message of one event that `frame` made. */
export function unframe(event: Uint8Array): Buffer {
  const bytes = Buffer.from(event.buffer, event.byteOffset, event.length);
  const lines = bytes.subarray(DATA.length, bytes.length - END.length);
  if (!lines.includes(LF)) return lines;
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = lines.indexOf(NEXT_LINE); at !== -1; at = lines.indexOf(NEXT_LINE, from)) {
    parts.push(lines.subarray(from, at + 1));
    from = at + NEXT_LINE.length;
  }
  return Buffer.concat([...parts, lines.subarray(from)]);
}
