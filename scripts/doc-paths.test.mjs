import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const DOCUMENTS = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/architecture.md"];
const PATH =
  /`((?:app|bench|cli|components|deploy|docs|e2e|lib|packages|sandbox|scripts|server)\/[\w./[\]()-]+)`/g;
/** Links to other files of the repository, without an anchor. */
const LINK = /\]\(((?!https?:|mailto:|#)[^)#\s]+)/g;
const exists = (name) =>
  ["", ".ts", ".tsx", ".mjs"].some((ending) => existsSync(path.join(root, `${name}${ending}`)));

test.each(DOCUMENTS)("%s names paths that exist", (document) => {
  const names = [...readFileSync(path.join(root, document), "utf8").matchAll(PATH)].map(
    ([, name]) => name,
  );
  expect(document === "SECURITY.md" || names.length > 0).toBe(true);
  expect(names.filter((name) => !exists(name))).toEqual([]);
});

test.each(DOCUMENTS)("%s links to files that exist", (document) => {
  const links = [...readFileSync(path.join(root, document), "utf8").matchAll(LINK)].map(
    ([, target]) => path.join(path.dirname(document), decodeURIComponent(target)),
  );
  expect(links.filter((name) => !existsSync(path.join(root, name)))).toEqual([]);
});
