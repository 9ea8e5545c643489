import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { listFiles } from "./language.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const FILES = listFiles("");
const DOCUMENTS = FILES.filter((name) => name.endsWith(".md"));
const FILE_NAMES = new Set(FILES.map((name) => path.basename(name)));
/** File names in documents that no file of the repository has, with the reason. */
const OUTSIDE = new Map([
  ["secrets.json", "the deployment's data directory has it"],
  ["manifest.json", "the embedded database's directory has it"],
]);

/** A path in backticks that begins with a folder of the repository; `{a,b}` names two. */
const PATH =
  /`((?:app|bench|cli|components|deploy|docs|e2e|lib|packages|sandbox|scripts|server)\/[\w./[\]()@,{}-]+)`/g;
/** A file in backticks that is named without its folder. */
const FILE_NAME = /`([\w.-]+\.(?:tsx?|mjs|mdx?|jsonc?|ya?ml))`/g;
const LINK = /\[([^\]\n]*)\]\(((?!https?:|mailto:)[^)\s]+)\)/g;

const textOf = (document) => readFileSync(path.join(root, document), "utf8");
const exists = (name) =>
  ["", ".ts", ".tsx", ".mjs"].some((ending) => existsSync(path.join(root, `${name}${ending}`)));

/** `lib/accounts/{hold,settle}` as `lib/accounts/hold` and `lib/accounts/settle`. */
function expandBraces(name) {
  const [, before, choices, after] = /^(.*?)\{([^}]*)\}(.*)$/.exec(name) ?? [];
  if (choices === undefined) return [name];
  return choices.split(",").flatMap((choice) => expandBraces(before + choice + after));
}

/** The links of a document to files of the repository: text, path from the root, anchor. */
const linksOf = (document) =>
  [...textOf(document).matchAll(LINK)].map(([, text, target]) => {
    const [file, anchor] = decodeURIComponent(target).split("#");
    const name = file === "" ? document : path.join(path.dirname(document), file);
    return { text, target, name, anchor };
  });

/** The anchor that GitHub gives a heading. */
const anchorOf = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");

const anchorsOf = (name) =>
  [...textOf(name).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading));

test.each(DOCUMENTS)("%s names paths that exist", (document) => {
  const names = [...textOf(document).matchAll(PATH)].flatMap(([, name]) => expandBraces(name));
  expect(names.filter((name) => !exists(name))).toEqual([]);
});

test.each(DOCUMENTS)("%s names files that exist", (document) => {
  const names = [...textOf(document).matchAll(FILE_NAME)].map(([, name]) => name);
  expect(names.filter((name) => !FILE_NAMES.has(name) && !OUTSIDE.has(name))).toEqual([]);
});

test.each(DOCUMENTS)("%s links to files and headings that exist", (document) => {
  const brokenLinks = linksOf(document).filter(
    ({ name, anchor }) =>
      !existsSync(path.join(root, name)) ||
      (anchor !== undefined && !anchorsOf(name).includes(anchor)),
  );
  expect(brokenLinks).toEqual([]);
});

test.each(DOCUMENTS)("%s shows the name of the file that a link leads to", (document) => {
  const misleading = linksOf(document).filter(({ text, name }) => {
    const [, linkText] = /^`([\w.[(][\w./[\]()-]*)`$/.exec(text) ?? [];
    return linkText !== undefined && !`/${name}`.endsWith(`/${linkText}`);
  });
  expect(misleading).toEqual([]);
});
