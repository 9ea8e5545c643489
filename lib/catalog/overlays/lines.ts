/** Where each value of a JSON text begins, by the path to it (`/models/gpt-5/retires`), as a line from 1. */
export type LineIndex = { lineOf: (path: readonly (string | number)[]) => number };

export class JsonError extends Error {
  constructor(
    readonly line: number,
    message: string,
  ) {
    super(message);
  }
}

/** Parses JSON and remembers its lines. Throws JsonError, with the line, for what is no JSON or names a field twice. */
export function parseWithLines(text: string): { value: unknown; lines: LineIndex } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const position = /position (\d+)/.exec(String(cause))?.[1];
    throw new JsonError(
      lineAt(text, position === undefined ? text.length : Number(position)),
      "This is not JSON.",
    );
  }
  const starts = new Map<string, number>();
  walk(text, 0, "", starts);
  const lineOf = (path: readonly (string | number)[]): number => {
    for (let length = path.length; length > 0; length--) {
      const start = starts.get(
        path
          .slice(0, length)
          .map((part) => `/${part}`)
          .join(""),
      );
      if (start !== undefined) return lineAt(text, start);
    }
    return 1;
  };
  return { value, lines: { lineOf } };
}

const lineAt = (text: string, position: number) => text.slice(0, position).split("\n").length;

const skipSpace = (text: string, at: number) =>
  at + (/^\s*/.exec(text.slice(at, at + 10_000))?.[0].length ?? 0);

/** Walks over the value at a position of valid JSON, notes where each field begins, and returns the position after it. */
function walk(text: string, start: number, path: string, starts: Map<string, number>): number {
  let at = skipSpace(text, start);
  if (!starts.has(path)) starts.set(path, at);
  const open = text[at];
  if (open === '"') return endOfString(text, at);
  if (open !== "{" && open !== "[")
    return at + (/^[^\s,\]}]+/.exec(text.slice(at, at + 100))?.[0].length ?? 0);
  const names = new Set<string>();
  at = skipSpace(text, at + 1);
  for (let index = 0; text[at] !== "}" && text[at] !== "]"; index++) {
    let name = String(index);
    if (open === "{") {
      const end = endOfString(text, at);
      name = JSON.parse(text.slice(at, end)) as string;
      if (names.has(name))
        throw new JsonError(lineAt(text, at), `The field ${JSON.stringify(name)} is given twice.`);
      names.add(name);
      starts.set(`${path}/${name}`, at);
      at = skipSpace(text, end) + 1;
    }
    at = skipSpace(text, walk(text, at, `${path}/${name}`, starts));
    if (text[at] === ",") at = skipSpace(text, at + 1);
  }
  return at + 1;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}
