const SETTINGS = 4;
const GOAWAY = 7;
/** https://www.rfc-editor.org/rfc/rfc9113#name-error-codes */
const HTTP_1_1_REQUIRED = 0xd;

/**
 * The response to the preface of HTTP/2, which gRPC clients such as xAI's SDK send unasked: they show the text of its last
 * frame. https://www.rfc-editor.org/rfc/rfc9113#name-goaway
 */
export function http2GoAway(text: string): Buffer {
  const payload = Buffer.alloc(8);
  payload.writeUInt32BE(HTTP_1_1_REQUIRED, 4);
  return Buffer.concat([
    frame(SETTINGS, Buffer.alloc(0)),
    frame(GOAWAY, Buffer.concat([payload, Buffer.from(text)])),
  ]);
}

function frame(type: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  return Buffer.concat([head, payload]);
}
