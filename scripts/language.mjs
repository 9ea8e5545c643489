// Measures the language of this repository by the rules of CONTRIBUTING: `node scripts/language.mjs [types|locals|terms] [FOLDER]`.
// Without a list it prints the three counts, with one the places. `--tighten` lowers the ceilings in language.json to the counts.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "oxc-parser";

const root = fileURLToPath(new URL("..", import.meta.url));
const RULES_FILE = path.join(root, "scripts/language.json");
const SKIPPED_FOLDERS = new Set([
  "node_modules",
  "dist",
  "test-results",
  "playwright-report",
  "coverage",
]);
const CODE = /\.(ts|tsx|mts|mjs)$/;
const TEXT = /\.(ts|tsx|mts|mjs|mdx?|ya?ml|css|svg)$|\.env\.example$|Dockerfile$|package\.json$/;

/** The words that CONTRIBUTING replaces. Identifiers are read word by word: `wholeBody` has the term "whole". */
const TERMS = {
  acts: /\bacts?\b/i,
  alone: /\balone\b/i,
  anew: /\banew\b/i,
  "at once": /\bat once\b/i,
  away: /\b(is|was|are|database|while .{0,30}) away\b/i,
  beside: /\bbeside\b/i,
  "broke off": /\b(broke|breaks?|broken) off\b/i,
  "by itself": /\bby (itself|themselves|himself|yourself|oneself)\b/i,
  carry: /\bcarr(y|ied|ies)\b/i,
  "comes to": /\bcomes? to\b/i,
  door: /\bdoors?\b/i,
  floor: /(?<!Math\.)\bfloor\b/i,
  house: /\bhouse\b/i,
  journey: /\bjourney\b/i,
  judge: /\bjudg(e|es|ed)\b/i,
  likely: /\blikely\b/i,
  mend: /\bmend(s|ed|ing)?\b/i,
  "of its own": /\bof (its|their|our|one's|his|your) own\b/i,
  picture: /\bpictures?\b/i,
  rests: /\b(rests|resting)\b/i,
  room: /\broom\b/i,
  sound: /\b(a|the) (sound|picture|thought)s?\b/i,
  stage: /\bstage\b/i,
  "stand-in": /\bstand-?ins?\b/i,
  stray: /\bstrays?\b/i,
  "take back": /\btakes? ?back\b/i,
  tell: /\b(tell|tells|told|telling)\b/i,
  "under way": /\bunder ?way\b/i,
  verdict: /\bverdicts?\b/i,
  "way in": /\bway (in|out)\b/i,
  whole: /\bwhole\b/i,
  worst: /\bworst\b/i,
};

/** Words that say how a value was obtained, or point at it, and not what it is. Regular participles end in "ed". */
const EMPTY_NAMES = new Set(
  (
    "found made told given own it its beside whole most kept held asked shown sent said seen taken thrown known done gone " +
    "left lost written drawn broken chosen begun spent sold built bought brought caught taught thought meant heard felt " +
    "grown hidden they them their that these those who what which each other others same such both none rest here " +
    "there then once again anew away worst likely least many much more few alone"
  ).split(" "),
);
const NOUNS_IN_ED = new Set("bed embed feed id need red seed shed speed weed".split(" "));
const isEmptyName = (name) =>
  EMPTY_NAMES.has(name) || (/^[a-z]+ed$/.test(name) && !NOUNS_IN_ED.has(name));

export const rules = JSON.parse(readFileSync(RULES_FILE, "utf8"));

/** The folder that a file's count belongs to: two levels deep where the first level only groups, else one. */
export function folderOf(file) {
  const parts = file.split("/");
  if (parts.length === 1) return ".";
  const isGroup = ["app", "components", "e2e", "lib", "packages"].includes(parts[0]);
  return parts.slice(0, isGroup && parts.length > 2 ? 2 : 1).join("/");
}

export function measureLanguage() {
  const files = listFiles("");
  const types = [];
  const locals = [];
  for (const file of files.filter((name) => CODE.test(name)))
    visit(parseSync(file, readFileSync(path.join(root, file), "utf8")).program, {
      type: (name) => types.push({ file, name }),
      local: (name) => locals.push({ file, name }),
    });
  return {
    types,
    oneWordTypes: types.filter(({ name }) => /^[A-Z][a-z0-9]*$/.test(name) && name !== "Props"),
    locals,
    emptyLocals: locals.filter(({ name }) => isEmptyName(name)),
    terms: files.filter((name) => TEXT.test(name)).flatMap(termsIn),
  };
}

/** The percentages that CONTRIBUTING bounds, and the terms of each folder. */
export function countLanguage({ types, oneWordTypes, locals, emptyLocals, terms }) {
  const byFolder = {};
  for (const { file } of terms) byFolder[folderOf(file)] = (byFolder[folderOf(file)] ?? 0) + 1;
  return {
    oneWordTypesPercent: (100 * oneWordTypes.length) / types.length,
    emptyLocalsPercent: (100 * emptyLocals.length) / locals.length,
    terms: byFolder,
  };
}

/** The files of the repository below a folder, without those that are installed or built. */
export function listFiles(folder) {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      const isSkipped = SKIPPED_FOLDERS.has(entry.name) || /^\.(?!github$)/.test(entry.name);
      return isSkipped ? [] : listFiles(name);
    }
    return [name];
  });
}

function termsIn(file) {
  const filePath = { file, line: 0, text: file };
  const lines = readFileSync(path.join(root, file), "utf8")
    .split("\n")
    .map((text, index) => ({ file, line: index + 1, text }));
  return [filePath, ...lines].flatMap((place) => {
    const words = place.text.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replaceAll("_", " ");
    return Object.entries(TERMS)
      .filter(([term, pattern]) => pattern.test(words) && !isAllowed({ ...place, term }))
      .map(([term]) => ({ ...place, term }));
  });
}

function isAllowed({ term, file, text }) {
  return rules.allowed.some(
    (entry) =>
      (entry.terms.includes(term) || entry.terms[0] === "*") &&
      (entry.in === undefined || file.startsWith(entry.in)) &&
      (entry.text === undefined || text.toLowerCase().includes(entry.text.toLowerCase())),
  );
}

function visit(node, report) {
  if (node === null || typeof node !== "object") return;
  if (Array.isArray(node)) {
    for (const item of node) visit(item, report);
    return;
  }
  if (
    /^(TSTypeAliasDeclaration|TSInterfaceDeclaration|TSEnumDeclaration|ClassDeclaration)$/.test(
      node.type,
    )
  ) {
    if (node.id) report.type(node.id.name);
  } else if (node.type === "VariableDeclarator") visitPattern(node.id, report);
  else if (/Function(Declaration|Expression)$/.test(node.type)) {
    for (const parameter of node.params) visitPattern(parameter, report);
  } else if (node.type === "CatchClause") visitPattern(node.param, report);
  for (const [field, value] of Object.entries(node)) if (field !== "type") visit(value, report);
}

function visitPattern(pattern, report) {
  switch (pattern?.type) {
    case "Identifier":
      return report.local(pattern.name);
    case "ObjectPattern":
      return pattern.properties.forEach((property) =>
        visitPattern(property.type === "RestElement" ? property.argument : property.value, report),
      );
    case "ArrayPattern":
      return pattern.elements.forEach((element) => visitPattern(element, report));
    case "AssignmentPattern":
      return visitPattern(pattern.left, report);
    case "RestElement":
      return visitPattern(pattern.argument, report);
    case "TSParameterProperty":
      return visitPattern(pattern.parameter, report);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2));

function main([list, folder = ""]) {
  const language = measureLanguage();
  const counts = countLanguage(language);
  const places = {
    types: language.oneWordTypes.map(({ file, name }) => ({ file, text: `${file}: ${name}` })),
    locals: language.emptyLocals.map(({ file, name }) => ({ file, text: `${file}: ${name}` })),
    terms: language.terms.map(({ file, line, term, text }) => ({
      file,
      text: `${file}:${line}: [${term}] ${text.trim().slice(0, 160)}`,
    })),
  }[list];
  for (const { file, text } of places ?? []) if (file.startsWith(folder)) console.log(text);
  if (list === "--tighten") tighten(counts);
  if (places) return;
  const { types, oneWordTypes, locals, emptyLocals, terms } = language;
  const percent = (value) => `${value.toFixed(2)} %`;
  console.log(
    `one-word type names: ${oneWordTypes.length} of ${types.length}, ${percent(counts.oneWordTypesPercent)}`,
  );
  console.log(
    `participle or pronoun locals: ${emptyLocals.length} of ${locals.length}, ${percent(counts.emptyLocalsPercent)}`,
  );
  console.log(`lines with a replaced term: ${terms.length}`);
  for (const [name, count] of Object.entries(counts.terms)) console.log(`  ${count} ${name}`);
}

function tighten(counts) {
  const { ceilings } = rules;
  const roundUp = (value) => Math.ceil(value * 100) / 100;
  for (const name of ["oneWordTypesPercent", "emptyLocalsPercent"])
    ceilings[name] = Math.min(ceilings[name], roundUp(counts[name]));
  for (const [folder, ceiling] of Object.entries(ceilings.terms)) {
    ceilings.terms[folder] = Math.min(ceiling, counts.terms[folder] ?? 0);
    if (ceilings.terms[folder] === 0) delete ceilings.terms[folder];
  }
  writeFileSync(RULES_FILE, `${JSON.stringify(rules, null, 2)}\n`);
}
