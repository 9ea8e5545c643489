// Colors of code in three kinds, so that a strict content policy needs no inline style. The compiler of the docs and the
// pages that print generated code share it.
import { createHighlighterCore } from "shiki/core";
import { createJavaScriptRegexEngine } from "shiki/engine/javascript";

/** Shiki's theme with one made-up color for each kind of token. */
const KINDS = { "#000001": "plain", "#000002": "string", "#000003": "key", "#000004": "comment" };
const theme = {
  name: "onekey",
  type: "light",
  fg: "#000001",
  bg: "#ffffff",
  settings: [
    { settings: { foreground: "#000001" } },
    {
      scope: ["string", "string punctuation.definition"],
      settings: { foreground: "#000002" },
    },
    { scope: ["string.unquoted"], settings: { foreground: "#000001" } },
    {
      scope: [
        "keyword",
        "storage",
        "support.function.builtin.shell",
        "constant.language",
        "entity.name.tag",
        "support.type.property-name.json",
        "support.type.property-name.json punctuation",
      ],
      settings: { foreground: "#000003" },
    },
    { scope: ["keyword.operator", "punctuation"], settings: { foreground: "#000001" } },
    {
      scope: ["keyword.operator.new", "keyword.operator.expression"],
      settings: { foreground: "#000003" },
    },
    {
      scope: ["comment", "punctuation.definition.comment"],
      settings: { foreground: "#000004" },
    },
  ],
};

const grammars = {
  sh: () => import("shiki/langs/shellscript.mjs"),
  ts: () => import("shiki/langs/typescript.mjs"),
  tsx: () => import("shiki/langs/tsx.mjs"),
  python: () => import("shiki/langs/python.mjs"),
  go: () => import("shiki/langs/go.mjs"),
  json: () => import("shiki/langs/json.mjs"),
  toml: () => import("shiki/langs/toml.mjs"),
  yaml: () => import("shiki/langs/yaml.mjs"),
};
const names = { sh: "shellscript", ts: "typescript" };

let highlighter;
const languages = new Map();

async function grammarOf(language) {
  highlighter ??= createHighlighterCore({
    themes: [theme],
    langs: [],
    engine: createJavaScriptRegexEngine({ forgiving: true }),
  });
  const core = await highlighter;
  if (!languages.has(language)) languages.set(language, core.loadLanguage(grammars[language]()));
  await languages.get(language);
  return core;
}

/** The lines of a code block as tokens. A language without a grammar is one plain token a line. */
export async function highlight(text, language) {
  if (!(language in grammars))
    return text.split("\n").map((line) => (line === "" ? [] : [{ text: line, kind: "plain" }]));
  const core = await grammarOf(language);
  const { tokens } = core.codeToTokens(text, {
    lang: names[language] ?? language,
    theme: "onekey",
  });
  return tokens.map((line) =>
    line.reduce((tokens, { content, color }) => {
      const kind = KINDS[color?.toLowerCase() ?? ""] ?? "plain";
      const last = tokens.at(-1);
      if (last?.kind === kind) last.text += content;
      else tokens.push({ text: content, kind });
      return tokens;
    }, []),
  );
}
