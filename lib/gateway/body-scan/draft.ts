import { AppError } from "@/lib/errors";
import { textOf, type ValueRule, type JsonToken } from "./field-rules";
import { emptyScan, type ImageDetail, type Scan } from "./schema";

/** The state of one scan. */
export type ScanDraft = {
  scan: Scan;
  model: string | undefined;
  /** Gemini: the model of the path, which one in the body must repeat. */
  pathModel: string | undefined;
  /** The content blocks, items and tools that are open, innermost last. */
  parts: OpenPart[];
  contentPart: OpenContentPart;
};

/** The open content part: the index of its first media entry, and the details that it states inside an image and next to one. */
export type OpenContentPart = {
  from: number;
  imageDetail: ImageDetail | null;
  partDetail: ImageDetail | null;
  /** Whether its image is an object, which then states the detail. */
  isImageObject: boolean;
};
export const newContentPart = (from: number): OpenContentPart => ({
  from,
  imageDetail: null,
  partDetail: null,
  isImageObject: false,
});

/** The fields of one open block, item or tool. Lists, since a provider may use either value of a repeated key. */
export type OpenPart = {
  types: string[];
  ids: string[];
  sourceTypes: string[];
  mediaTypes: string[];
  dataBytes: number;
  byUrl: boolean;
  hasRole: boolean;
  /** It has the content that the provider would otherwise fetch by its id. */
  hasContent: boolean;
  /** Of a tool: how often it may be used, and how much each use may put in; of a repeated key the larger. */
  maxUses: number | null;
  maxContentTokens: number | null;
  /** Of a tool: the models that it is to run, and the formats that it is to put out. */
  models: string[];
  formats: string[];
};

export const newDraft = ({
  textBytes,
  pathModel,
}: {
  textBytes: number;
  pathModel?: string;
}): ScanDraft => ({
  scan: emptyScan(textBytes),
  model: undefined,
  pathModel,
  parts: [],
  contentPart: newContentPart(0),
});

const newOpenPart = (): OpenPart => ({
  types: [],
  ids: [],
  sourceTypes: [],
  mediaTypes: [],
  dataBytes: 0,
  byUrl: false,
  hasRole: false,
  hasContent: false,
  maxUses: null,
  maxContentTokens: null,
  models: [],
  formats: [],
});

export type ScanRule = ValueRule<ScanDraft>;

/** An object whose fields only have a meaning together: `end` reads them when it closes. */
export function groupRule(
  rule: ScanRule,
  end: (part: OpenPart, draft: ScanDraft) => void,
): ScanRule {
  return {
    ...rule,
    on: (token, draft) => {
      if (token.kind === "object" || token.kind === "array") draft.parts.push(newOpenPart());
      else rule.on?.(token, draft);
    },
    close: (draft) => {
      const part = draft.parts.pop();
      if (part) end(part, draft);
    },
  };
}

/** A string that belongs to the innermost open group. */
export const partText = (set: (part: OpenPart, text: string) => void): ScanRule => ({
  on: (token, draft) => {
    const part = draft.parts.at(-1);
    if (token.kind !== "string" || !part) return;
    if (token.end - token.start > 4_096) return;
    set(part, textOf(token));
  },
});

export const partType = partText((part, text) => part.types.push(text));

export const partModel = partText((part, text) => part.models.push(text));

/** Any value but null, of the innermost open group. */
export const partValue = (set: (part: OpenPart) => void): ScanRule => ({
  on: (token, draft) => {
    const part = draft.parts.at(-1);
    if (part && token.kind !== "null") set(part);
  },
});

/** An effort or a kind of thinking: "none", "minimal" and "disabled" are none. Anything else may be one. */
export const reasoningSetting: ScanRule = {
  on: (token, draft) => {
    if (token.kind !== "string" || token.end - token.start > 64) return;
    draft.scan.reasoning = !/^(none|minimal|disabled)$/i.test(textOf(token));
  },
};

/** An integer of the innermost open group; of a repeated key the larger. */
export const partNumber = (name: "maxUses" | "maxContentTokens"): ScanRule => ({
  on: (token, draft) => {
    const part = draft.parts.at(-1);
    if (!part || token.kind !== "number" || token.end - token.start > 16) return;
    const value = Number(textOf(token));
    if (Number.isInteger(value) && value >= 0) part[name] = Math.max(part[name] ?? 0, value);
  },
});

/** Notes the tools of a group that the provider runs, with their bounds. */
export function addTools(part: OpenPart, types: string[], draft: ScanDraft): void {
  const { maxUses, maxContentTokens, models } = part;
  if (models.length > 1 && types.length > 0)
    refuse("tools", "A tool names its model twice. It decides the price: send it once.");
  for (const type of types) {
    draft.scan.tools.push(type);
    draft.scan.toolBounds.push({ maxUses, maxContentTokens, model: models[0] ?? null });
  }
}

/** The most tokens that a provider adds for a tool that it defines itself; the request does not contain them. */
const DEFINITION_TOKENS = 1_000;
/** Of a computer or a browser, whose guides name more. */
const SCREEN_DEFINITION_TOKENS = 1_600;

/** Adds the definition of a tool. The definition of one that the caller defines is already in the request. */
export function addDefinition({ types }: Pick<OpenPart, "types">, draft: ScanDraft): void {
  if (types.some((type) => type !== "custom" && type !== "function"))
    draft.scan.textBytes += types.some((type) => /^(computer|browser)/.test(type))
      ? SCREEN_DEFINITION_TOKENS
      : DEFINITION_TOKENS;
}

const LIMIT_MAX = 10_000_000;

export const refuse = (name: string, message: string): never => {
  throw new AppError("bad_request", message, { param: name });
};

const mustBe = (name: string, requirement: string): never =>
  refuse(name, `The field ${name} must be ${requirement}.`);

function plainText(name: string, token: JsonToken): string {
  if (token.kind !== "string") return mustBe(name, "a string");
  if (token.escaped)
    return mustBe(name, "written without escapes: it decides the route or the price");
  if (token.end - token.start > 512) return mustBe(name, "at most 512 bytes long");
  if (token.end === token.start) return mustBe(name, "a string that is not empty");
  return textOf(token);
}

/** A field that routes or prices the request: given at most once, without escapes, and of its type. Null means absent. */
const requiredOnce = (
  name: string,
  on: (token: JsonToken, draft: ScanDraft) => void,
): ScanRule => ({
  once: name,
  on: (token, draft) => {
    if (token.kind !== "null") on(token, draft);
  },
});

export const textOnce = (name: string, set: (draft: ScanDraft, text: string) => void): ScanRule =>
  requiredOnce(name, (token, draft) => set(draft, plainText(name, token)));

export const booleanOnce = (
  name: string,
  set: (draft: ScanDraft, flag: boolean) => void,
): ScanRule =>
  requiredOnce(name, (token, draft) => {
    if (token.kind !== "true" && token.kind !== "false") return mustBe(name, "true or false");
    set(draft, token.kind === "true");
  });

export const integerOnce = (
  name: string,
  { min, max = LIMIT_MAX }: { min: number; max?: number },
  set: (draft: ScanDraft, value: number) => void,
): ScanRule =>
  requiredOnce(name, (token, draft) => {
    const isShort = token.kind === "number" && token.end - token.start <= 32;
    const value = isShort ? Number(textOf(token)) : Number.NaN;
    if (!Number.isInteger(value) || value < min || value > max)
      return mustBe(name, `an integer from ${min} to ${max}`);
    set(draft, value);
  });

/** An object that may be given once, so that only one of them can price the request. */
export const objectOnce = (name: string, fields: ScanRule["fields"]): ScanRule => ({
  once: name,
  fields,
  on: (token) => {
    if (token.kind !== "object" && token.kind !== "null") mustBe(name, "an object");
  },
});

/** The length of a text that is billed by its characters. */
export const characterCountOnce = (
  name: string,
  set: (draft: ScanDraft, characters: number) => void,
): ScanRule =>
  requiredOnce(name, (token, draft) => {
    if (token.kind !== "string") return mustBe(name, "a string");
    let characters = 0;
    for (const character of textOf(token)) characters += character.length > 0 ? 1 : 0;
    set(draft, characters);
  });
