/**
 * Picks a few values out of JSON as it streams by, in memory that does not grow with it: everything else is skipped without
 * being built. A path names keys from the top; "#" stands for any element of an array.
 */
export type Picker = {
  feed(bytes: Buffer): void;
  /** Forgets where it is: the next byte begins a new document. */
  reset(): void;
  /** True once the document's outermost value has closed. */
  closed(): boolean;
  /** The value being captured when the bytes stopped, unfinished. */
  unfinished(): { name: string; raw: Buffer } | null;
};

/** A value that was picked: its raw JSON, and the index of the nearest array element around it (-1: none). */
export type PickedValue = { name: string; raw: Buffer; index: number };

type PlanNode = { name: string | null; element: string | null; children: Map<string, PlanNode> };

const [QUOTE, BACKSLASH, COLON, COMMA] = [0x22, 0x5c, 0x3a, 0x2c];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];
const KEY_MAX = 64;

/** What to pick, made once by `plan` and shared by every picker of its kind. */
export type PickPlan = { root: PlanNode };

type PickerOptions = {
  plan: PickPlan;
  onPick(picked: PickedValue): void;
  /** Called for each element that opens as an object, where the plan names its array's elements. */
  onElement?(name: string): void;
  /** A longer value is not handed over, but named to `onOverflow`. */
  valueMax?: number;
  onOverflow?(name: string): void;
};

export function createPicker({
  plan: { root },
  onPick,
  onElement,
  onOverflow,
  valueMax = 16_384,
}: PickerOptions): Picker {
  let depth = 0;
  let hasBegun = false;
  let inString = false;
  let isEscaped = false;
  let stringHead = "";
  let lastString = "";
  /** What the value that comes next means, and what each open container means. */
  let next: PlanNode | undefined = root;
  let nodes: (PlanNode | undefined)[] = [];
  let arrays: boolean[] = [];
  let indexes: number[] = [];
  let capturing: PlanNode | null = null;
  let captureDepth = 0;
  let pieces: Buffer[] = [];
  let capturedBytes = 0;

  const reset = () => {
    depth = 0;
    [hasBegun, inString, isEscaped] = [false, false, false];
    [stringHead, lastString] = ["", ""];
    next = root;
    [nodes, arrays, indexes, pieces] = [[], [], [], []];
    capturing = null;
  };

  const nearestIndex = () => {
    for (let at = depth; at > 0; at--) if (arrays[at]) return indexes[at] ?? -1;
    return -1;
  };

  const keep = (bytes: Buffer) => {
    if (bytes.length === 0) return;
    capturedBytes += bytes.length;
    if (capturedBytes <= valueMax) pieces.push(bytes);
  };

  const finish = (bytes: Buffer) => {
    keep(bytes);
    const name = capturing?.name ?? "";
    capturing = null;
    if (capturedBytes <= valueMax)
      onPick({
        name,
        raw: pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces),
        index: nearestIndex(),
      });
    else onOverflow?.(name);
    pieces = [];
  };

  const feed = (bytes: Buffer) => {
    const end = bytes.length;
    let at = 0;
    let from = 0;
    while (at < end) {
      if (inString) {
        const begin = at;
        at = skipString(bytes, at);
        const isKey = nodes[depth] !== undefined && !arrays[depth];
        if (at < 0) {
          if (isKey && stringHead.length < KEY_MAX)
            stringHead += bytes.toString("latin1", begin, Math.min(end, begin + KEY_MAX));
          break;
        }
        if (isKey)
          lastString = stringHead + bytes.toString("latin1", begin, Math.min(at, begin + KEY_MAX));
        inString = false;
        at++;
        continue;
      }
      const byte = bytes[at];
      if (byte === QUOTE) {
        inString = true;
        stringHead = "";
      } else if (byte === COLON) {
        next = nodes[depth]?.children.get(lastString);
        if (next?.name && !capturing) {
          capturing = next;
          captureDepth = depth;
          capturedBytes = 0;
          from = at + 1;
        }
      } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        hasBegun = true;
        depth++;
        nodes[depth] = next;
        arrays[depth] = byte === OPEN_ARRAY;
        indexes[depth] = 0;
        if (byte === OPEN_OBJECT && next?.element) onElement?.(next.element);
        next = byte === OPEN_ARRAY ? nodes[depth]?.children.get("#") : undefined;
        lastString = "";
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        if (capturing && depth === captureDepth) finish(bytes.subarray(from, at));
        if (depth > 0) depth--;
        next = undefined;
      } else if (byte === COMMA) {
        if (capturing && depth === captureDepth) finish(bytes.subarray(from, at));
        next = undefined;
        if (arrays[depth]) {
          indexes[depth] = (indexes[depth] ?? 0) + 1;
          next = nodes[depth]?.children.get("#");
        }
      }
      at++;
    }
    if (capturing) keep(Buffer.from(bytes.subarray(from)));
  };

  /** The index of the quote that closes the string, or -1 when it lies beyond these bytes. */
  const skipString = (bytes: Buffer, begin: number): number => {
    let at = begin;
    if (isEscaped) {
      isEscaped = false;
      at++;
    }
    const near = Math.min(bytes.length, at + 32);
    for (; at < near; at++) {
      if (bytes[at] === QUOTE) return at;
      if (bytes[at] === BACKSLASH) at++;
    }
    if (at > bytes.length) {
      isEscaped = true;
      return -1;
    }
    while (at < bytes.length) {
      const quote = bytes.indexOf(QUOTE, at);
      const stop = quote === -1 ? bytes.length : quote;
      let slashes = 0;
      while (stop - slashes > at && bytes[stop - slashes - 1] === BACKSLASH) slashes++;
      const odd = slashes % 2 === 1;
      if (quote === -1) {
        isEscaped = odd;
        return -1;
      }
      if (!odd) return quote;
      at = quote + 1;
    }
    return -1;
  };

  return {
    feed,
    reset,
    closed: () => hasBegun && depth === 0,
    unfinished: () =>
      capturing?.name ? { name: capturing.name, raw: Buffer.concat(pieces) } : null,
  };
}

/** `values`: path → name of a value to hand to `onPick`. `elements`: path of an array's elements → name for `onElement`. */
export function plan(
  values: Record<string, string>,
  elements: Record<string, string> = {},
): PickPlan {
  const root: PlanNode = { name: null, element: null, children: new Map() };
  const reach = (path: string) => {
    let node = root;
    for (const key of path.split(".")) {
      const child = node.children.get(key) ?? { name: null, element: null, children: new Map() };
      node.children.set(key, child);
      node = child;
    }
    return node;
  };
  for (const [path, name] of Object.entries(values)) reach(path).name = name;
  for (const [path, name] of Object.entries(elements)) reach(path).element = name;
  return { root };
}
