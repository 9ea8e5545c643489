import { AppError } from "@/lib/errors";
import {
  CLOSING_BRACE,
  CLOSING_BRACKET,
  COLON,
  COMMA,
  isDigit,
  isSpace,
  MINUS,
  OPENING_BRACE,
  OPENING_BRACKET,
  QUOTE,
} from "./ascii";
import { findField, type ValueRule } from "./field-rules";
import { createTokenReader, fail } from "./json-tokens";
import { nextTurn } from "./turns";

const DEPTH_MAX = 400;
/** A longer body is scanned in slices, so that one with very many tokens does not keep other requests waiting. */
const UNSLICED_BYTES_MAX = 64 * 1024;
const SLICE_MS = 1;

/** What the scan accepts next. */
const VALUE = 0;
const VALUE_OR_END = 1;
const KEY = 2;
const KEY_OR_END = 3;
const AFTER_VALUE = 4;
/** Scans a complete body; other work runs between the slices of a long one. */
export async function scanJson<D>(task: {
  body: Buffer;
  rule: ValueRule<D>;
  draft: D;
}): Promise<void> {
  const run = createJsonScan(task);
  if (task.body.length <= UNSLICED_BYTES_MAX) return void run();
  do await nextTurn();
  while (!run(SLICE_MS));
}

/**
 * A strict scan of one JSON text (RFC 8259) that builds nothing: accepts what JSON.parse accepts of the decoded bytes, to
 * a depth of 400. The returned function scans for `sliceMs` milliseconds and returns true at the end of the body.
 */
export function createJsonScan<D>({
  body,
  rule: root,
  draft,
}: {
  body: Buffer;
  rule: ValueRule<D>;
  draft: D;
}) {
  const { token, readString, readNumber, readWord } = createTokenReader(body);
  /** For each open object or array: its rule (none where it is unchecked), whether it is an object, the bits of its once-only fields. */
  const rules: (ValueRule<D> | undefined)[] = [];
  const objects: boolean[] = [];
  const onceBits: number[] = [];
  let at = 0;
  let state = VALUE;
  let rule: ValueRule<D> | undefined = root;

  /** The rule for the value of the key in the token. */
  const ruleOfKey = (depth: number): ValueRule<D> | undefined => {
    const table = rules[depth]?.fields;
    if (!table) return undefined;
    const entry = findField(table, token);
    if (!entry) return table.others;
    const name = entry.rule?.once;
    if (name !== undefined) {
      if (token.escaped)
        throw new AppError(
          "bad_request",
          `The field ${name} must be written without escapes: it decides the route or the price.`,
          { param: name },
        );
      const bits = onceBits[depth] ?? 0;
      if (bits & entry.bit)
        throw new AppError(
          "bad_request",
          `The field ${name} is given twice. It decides the route or the price: send it once.`,
          { param: name },
        );
      onceBits[depth] = bits | entry.bit;
    }
    return entry.rule;
  };

  return function run(sliceMs = Infinity): boolean {
    const until = sliceMs === Infinity ? Infinity : performance.now() + sliceMs;
    let depth = rules.length - 1;
    for (let steps = 1; ; steps++) {
      if ((steps & 511) === 0 && until !== Infinity && performance.now() > until) return false;
      let byte = body[at];
      while (isSpace(byte)) byte = body[++at];

      if (state === AFTER_VALUE) {
        if (depth < 0) return byte === undefined ? true : fail(body, at);
        const isObject = objects[depth];
        if (byte === COMMA) {
          at++;
          state = isObject ? KEY : VALUE;
          if (!isObject) rule = rules[depth]?.items;
          continue;
        }
        if (byte !== (isObject ? CLOSING_BRACE : CLOSING_BRACKET)) fail(body, at);
      } else if (state === KEY || state === KEY_OR_END) {
        if (byte === QUOTE) {
          const end = readString(at, until);
          if (end < 0) return false;
          at = end;
          rule = ruleOfKey(depth);
          while (isSpace(body[at])) at++;
          if (body[at] !== COLON) fail(body, at);
          at++;
          state = VALUE;
          continue;
        }
        if (state === KEY || byte !== CLOSING_BRACE) fail(body, at);
      } else if (state === VALUE || byte !== CLOSING_BRACKET) {
        if (byte === OPENING_BRACE || byte === OPENING_BRACKET) {
          if (depth + 1 >= DEPTH_MAX)
            throw new AppError(
              "bad_request",
              `The body is nested more than ${DEPTH_MAX} levels deep.`,
            );
          token.kind = byte === OPENING_BRACE ? "object" : "array";
          token.start = token.end = at;
          token.escaped = false;
          at++;
          // Google accepts one value where a list is state, as a list of one.
          if (byte === OPENING_BRACE && !rule?.fields) rule = rule?.items ?? rule;
          rule?.on?.(token, draft);
          rules.push(rule);
          objects.push(byte === OPENING_BRACE);
          onceBits.push(0);
          depth++;
          state = byte === OPENING_BRACE ? KEY_OR_END : VALUE_OR_END;
          if (byte === OPENING_BRACKET) rule = rule?.items;
          continue;
        }
        const end =
          byte === QUOTE
            ? readString(at, until)
            : byte === MINUS || isDigit(byte ?? 0)
              ? readNumber(at)
              : readWord(at);
        if (end < 0) return false;
        at = end;
        rule?.on?.(token, draft);
        state = AFTER_VALUE;
        continue;
      }
      at++;
      rules.pop()?.close?.(draft);
      objects.pop();
      onceBits.pop();
      depth--;
      state = AFTER_VALUE;
    }
  };
}
