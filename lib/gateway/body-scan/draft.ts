import { AppError } from "@/lib/errors";
import { textOf, type Place, type Token } from "./field-rules";
import { emptyScan, type Detail, type Scan } from "./schema";

/** What is known of a request while its body is being scanned. */
export type Draft = {
  scan: Scan;
  model: string | undefined;
  /** Gemini: the model of the path, which one in the body must repeat. */
  pathModel: string | undefined;
  /** The content blocks, items and tools that are open, innermost last. */
  parts: Part[];
  shown: Shown;
};

/** The content part that is open: where its media begin, and the details that it names within a picture and beside it. */
export type Shown = {
  from: number;
  within: Detail | null;
  beside: Detail | null;
  isObject: boolean;
};
export const newShown = (from: number): Shown => ({
  from,
  within: null,
  beside: null,
  isObject: false,
});

/** What is seen of one block, item or tool before it closes; lists, since a repeated key may mean either value. */
export type Part = {
  types: string[];
  ids: string[];
  sourceTypes: string[];
  mediaTypes: string[];
  dataBytes: number;
  byUrl: boolean;
  hasRole: boolean;
  /** It carries what its id would otherwise fetch. */
  isWhole: boolean;
  /** Of a tool: how often it may be used, and how much each use may put in; of a repeated key the larger. */
  maxUses: number | null;
  maxContentTokens: number | null;
};

export const newDraft = ({
  textBytes,
  pathModel,
}: {
  textBytes: number;
  pathModel?: string;
}): Draft => ({
  scan: emptyScan(textBytes),
  model: undefined,
  pathModel,
  parts: [],
  shown: newShown(0),
});

const newPart = (): Part => ({
  types: [],
  ids: [],
  sourceTypes: [],
  mediaTypes: [],
  dataBytes: 0,
  byUrl: false,
  hasRole: false,
  isWhole: false,
  maxUses: null,
  maxContentTokens: null,
});

export type DraftPlace = Place<Draft>;

/** An object whose fields only mean something together: `end` reads them when it closes. */
export function grouped(place: DraftPlace, end: (part: Part, draft: Draft) => void): DraftPlace {
  return {
    ...place,
    on: (token, draft) => {
      if (token.kind === "object" || token.kind === "array") draft.parts.push(newPart());
      else place.on?.(token, draft);
    },
    close: (draft) => {
      const part = draft.parts.pop();
      if (part) end(part, draft);
    },
  };
}

/** A string that belongs to the innermost open group. */
export const partText = (set: (part: Part, text: string) => void): DraftPlace => ({
  on: (token, draft) => {
    const part = draft.parts.at(-1);
    if (token.kind !== "string" || !part) return;
    if (token.end - token.start > 4_096) return;
    set(part, textOf(token));
  },
});

export const partType = partText((part, text) => part.types.push(text));

/** Any value but null, of the innermost open group. */
export const partHas = (set: (part: Part) => void): DraftPlace => ({
  on: (token, draft) => {
    const part = draft.parts.at(-1);
    if (part && token.kind !== "null") set(part);
  },
});

/** An effort or a kind of thinking: "none", "minimal" and "disabled" are none. Anything else may be one. */
export const reasoningSetting: DraftPlace = {
  on: (token, draft) => {
    if (token.kind !== "string" || token.end - token.start > 64) return;
    draft.scan.reasoning = !/^(none|minimal|disabled)$/i.test(textOf(token));
  },
};

/** A whole number of the innermost open group; of a repeated key the larger. */
export const partNumber = (name: "maxUses" | "maxContentTokens"): DraftPlace => ({
  on: (token, draft) => {
    const part = draft.parts.at(-1);
    if (!part || token.kind !== "number" || token.end - token.start > 16) return;
    const value = Number(textOf(token));
    if (Number.isInteger(value) && value >= 0) part[name] = Math.max(part[name] ?? 0, value);
  },
});

/** Notes the tools of a group that the provider runs, with their bounds. */
export function addTools(part: Part, types: string[], draft: Draft): void {
  const { maxUses, maxContentTokens } = part;
  for (const type of types) {
    draft.scan.tools.push(type);
    draft.scan.toolBounds.push({ maxUses, maxContentTokens });
  }
}

/** What a provider writes out for a tool that it defines itself, in tokens at most: no byte of the request tells of it. */
const DEFINITION_TOKENS = 1_000;
/** Of a computer or a browser, whose guides name more. */
const SCREEN_DEFINITION_TOKENS = 1_600;

/** Counts a tool by its types: one without, or of the types that callers define, is in the request whole. */
export function addDefinition({ types }: Part, draft: Draft): void {
  if (types.some((type) => type !== "custom" && type !== "function"))
    draft.scan.textBytes += types.some((type) => /^(computer|browser)/.test(type))
      ? SCREEN_DEFINITION_TOKENS
      : DEFINITION_TOKENS;
}

const LIMIT_MAX = 10_000_000;

export const refuse = (name: string, message: string): never => {
  throw new AppError("bad_request", message, { param: name });
};

const mustBe = (name: string, wanted: string): never =>
  refuse(name, `The field ${name} must be ${wanted}.`);

function plainText(name: string, token: Token): string {
  if (token.kind !== "string") return mustBe(name, "a string");
  if (token.escaped)
    return mustBe(name, "written plainly, without escapes: it decides the route or the price");
  if (token.end - token.start > 512) return mustBe(name, "at most 512 bytes long");
  if (token.end === token.start) return mustBe(name, "a string that is not empty");
  return textOf(token);
}

/** A field that routes or prices the request: given once, plainly, and of its type; null stands for absent. */
const once = (name: string, on: (token: Token, draft: Draft) => void): DraftPlace => ({
  once: name,
  on: (token, draft) => {
    if (token.kind !== "null") on(token, draft);
  },
});

export const onceText = (name: string, set: (draft: Draft, text: string) => void): DraftPlace =>
  once(name, (token, draft) => set(draft, plainText(name, token)));

export const onceFlag = (name: string, set: (draft: Draft, flag: boolean) => void): DraftPlace =>
  once(name, (token, draft) => {
    if (token.kind !== "true" && token.kind !== "false") return mustBe(name, "true or false");
    set(draft, token.kind === "true");
  });

export const onceWhole = (
  name: string,
  { least, most = LIMIT_MAX }: { least: number; most?: number },
  set: (draft: Draft, value: number) => void,
): DraftPlace =>
  once(name, (token, draft) => {
    const isShort = token.kind === "number" && token.end - token.start <= 32;
    const value = isShort ? Number(textOf(token)) : Number.NaN;
    if (!Number.isInteger(value) || value < least || value > most)
      return mustBe(name, `a whole number from ${least} to ${most}`);
    set(draft, value);
  });

/** An object that may be given once, so that there is no doubt which of two prices the request. */
export const onceObject = (name: string, fields: DraftPlace["fields"]): DraftPlace => ({
  once: name,
  fields,
  on: (token) => {
    if (token.kind !== "object" && token.kind !== "null") mustBe(name, "an object");
  },
});

/** The length of a text in characters, which is what it is billed by. */
export const onceCharacters = (
  name: string,
  set: (draft: Draft, characters: number) => void,
): DraftPlace =>
  once(name, (token, draft) => {
    if (token.kind !== "string") return mustBe(name, "a string");
    let characters = 0;
    for (const character of textOf(token)) characters += character.length > 0 ? 1 : 0;
    set(draft, characters);
  });
