import { readFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../support/processes";

/** The code of a docs page in a language, in its order, with the address of a server: what a reader copies is what is run. */
export function codeOf({
  page,
  language,
  origin,
}: {
  page: string;
  language: string;
  origin: string;
}): string[] {
  const text = readFileSync(path.join(ROOT, "app/(site)/docs", page, "page.mdx"), "utf8");
  const blocks = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)];
  return blocks
    .filter(([, name]) => name === language)
    .map(([, , code = ""]) => code.replaceAll("ONEKEY_URL", origin));
}

/** The variables that a page exports, with the key in its place. */
export function exportsOf({
  page,
  origin,
  key,
}: {
  page: string;
  origin: string;
  key: string;
}): Record<string, string> {
  const lines = codeOf({ page, language: "sh", origin }).join("\n");
  const exported = [...lines.matchAll(/^export (\w+)="([^"]*)"$/gm)];
  return Object.fromEntries(
    exported.map(([, name = "", value = ""]) => [name, value.replace("$ONEKEY_API_KEY", key)]),
  );
}
