import { AppError } from "@/lib/errors";

/** A path in the body: object keys as they decode, array places as numbers. */
export type Path = readonly (string | number)[];
export type Scalar = string | number | boolean | null;
export type Visitor = {
  /** Every key, before its value; `escaped` when it was not written plainly. Return "skip" to check the value's syntax only. */
  key?: (path: Path, escaped: boolean) => "skip" | void;
  /** Every scalar; a string comes as its raw place in the body, to be decoded only where it matters. */
  value?: (path: Path, value: Raw) => void;
  /** The opening of an object or array. */
  open?: (path: Path, kind: "object" | "array") => void;
};
export type Raw = {
  type: "string" | "number" | "true" | "false" | "null";
  start: number;
  end: number;
  escaped: boolean;
  text: () => string;
};

const DEPTH_MAX = 400;
const [QUOTE, BACKSLASH, COMMA, COLON, OPEN, CLOSE, LIST, UNLIST] = [34, 92, 44, 58, 123, 125, 91, 93];
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
// eslint-disable-next-line no-control-regex -- JSON forbids exactly these in a string
const CONTROL = /[\u0000-\u001f]/;
const NUMBER_BYTE = new Uint8Array(256);
for (const char of "+-.eE0123456789") NUMBER_BYTE[char.charCodeAt(0)] = 1;

/** Walks a JSON text once, strictly, building nothing; throws AppError with the byte offset of what is wrong. */
export function walkJson(body: Buffer, visitor: Visitor): void {
  const path: (string | number)[] = [];
  let at = 0;
  let skipping = 0;
  let nextQuote = -2;
  let nextBackslash = -2;

  const fail = (): never => {
    throw new AppError("bad_request", `The body is not valid JSON: an error at byte ${at} of ${body.length}.`);
  };
  const space = () => {
    for (let byte = body[at]; byte === 32 || byte === 10 || byte === 13 || byte === 9; byte = body[++at]);
  };

  const string = (): Raw => {
    if (body[at] !== QUOTE) fail();
    const start = ++at;
    let escaped = false;
    for (;;) {
      if (nextQuote < at) nextQuote = body.indexOf(QUOTE, at);
      if (nextQuote < 0) {
        at = body.length;
        fail();
      }
      if (nextBackslash !== -1 && nextBackslash < at) nextBackslash = body.indexOf(BACKSLASH, at);
      if (nextBackslash === -1 || nextBackslash > nextQuote) {
        plain(at, nextQuote);
        at = nextQuote + 1;
        break;
      }
      escaped = true;
      plain(at, nextBackslash);
      at = nextBackslash + 1;
      const kind = body[at];
      if (kind === 117) {
        if (!/^[0-9a-fA-F]{4}$/.test(body.toString("latin1", at + 1, at + 5))) fail();
        at += 5;
      } else if (kind !== undefined && '"\\/bfnrt'.includes(String.fromCharCode(kind))) at++;
      else fail();
    }
    const end = at - 1;
    return {
      type: "string",
      start,
      end,
      escaped,
      text: () =>
        escaped ? (JSON.parse(body.toString("utf8", start - 1, end + 1)) as string) : body.toString("utf8", start, end),
    };
  };
  const oddByte = (from: number, to: number) => {
    for (let i = from; i < to; i++) if ((body[i] ?? 0) < 32) return i - from;
    return -1;
  };
  const plain = (from: number, to: number) => {
    // A long run is searched by the engine's own pattern matcher, in slices: several times faster than byte by byte.
    for (let i = from; i < to; i += 65_536) {
      const odd =
        to - from < 64 ? oddByte(i, to) : body.toString("latin1", i, Math.min(to, i + 65_536)).search(CONTROL);
      if (odd >= 0) {
        at = i + odd;
        fail();
      }
    }
  };

  const word = (text: "true" | "false" | "null"): Raw => {
    const start = at;
    if (body.toString("latin1", at, at + text.length) !== text) fail();
    at += text.length;
    return { type: text, start, end: at, escaped: false, text: () => text };
  };
  const number = (): Raw => {
    const start = at;
    while (NUMBER_BYTE[body[at] ?? 0]) at++;
    if (at - start > 400 || !NUMBER.test(body.toString("latin1", start, at))) {
      at = start;
      fail();
    }
    const end = at;
    return { type: "number", start, end, escaped: false, text: () => body.toString("latin1", start, end) };
  };

  const value = (depth: number): void => {
    if (depth > DEPTH_MAX) throw new AppError("bad_request", `The body is nested more than ${DEPTH_MAX} levels deep.`);
    space();
    const byte = body[at];
    if (byte === OPEN) return object(depth);
    if (byte === LIST) return list(depth);
    const raw =
      byte === QUOTE
        ? string()
        : byte === 116
          ? word("true")
          : byte === 102
            ? word("false")
            : byte === 110
              ? word("null")
              : number();
    if (skipping === 0) visitor.value?.(path, raw);
  };
  const object = (depth: number): void => {
    if (skipping === 0) visitor.open?.(path, "object");
    at++;
    space();
    if (body[at] === CLOSE) return void at++;
    for (;;) {
      space();
      const key = string();
      path.push(skipping > 0 ? "" : key.text());
      space();
      if (body[at++] !== COLON) {
        at--;
        fail();
      }
      const skip = skipping === 0 && visitor.key?.(path, key.escaped) === "skip";
      if (skip) skipping++;
      value(depth + 1);
      if (skip) skipping--;
      path.pop();
      space();
      const after = body[at++];
      if (after === CLOSE) return;
      if (after !== COMMA) {
        at--;
        fail();
      }
    }
  };
  const list = (depth: number): void => {
    if (skipping === 0) visitor.open?.(path, "array");
    at++;
    space();
    if (body[at] === UNLIST) return void at++;
    for (let i = 0; ; i++) {
      path.push(i);
      value(depth + 1);
      path.pop();
      space();
      const after = body[at++];
      if (after === UNLIST) return;
      if (after !== COMMA) {
        at--;
        fail();
      }
    }
  };

  space();
  if (body[at] !== OPEN) {
    if (at >= body.length) throw new AppError("bad_request", "The request has no body: send JSON.");
    throw new AppError("bad_request", "The body must be a JSON object.");
  }
  value(0);
  space();
  if (at < body.length) fail();
}
