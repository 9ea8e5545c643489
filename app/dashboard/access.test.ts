import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const folder = fileURLToPath(new URL(".", import.meta.url));
const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name) && !name.endsWith(".test.ts"))
  .map((name) => ({ name, text: readFileSync(path.join(folder, name), "utf8") }));

/** What asks, in this request, who is signed in and what their role in the account of the URL allows. */
const ASKS =
  /\b(requireMember|ownProject|ownProjects|ownKey|serveDownload|authorizeMember|authorize|requireSelf|requireUser|currentSession)\(/;

const partsOf = (text: string, start: RegExp): string[] => text.split(start).slice(1);

test("every page and download of the dashboard requires a member of its account", () => {
  const entries = files.filter(({ name }) =>
    /(^|\/)(page|layout)\.tsx$|(^|\/)route\.ts$/.test(name),
  );
  expect(entries.length).toBeGreaterThan(15);
  for (const { name, text } of entries) {
    const functions = partsOf(
      text,
      /^export (?=default async function|async function|const GET|const POST)/m,
    );
    expect(functions.length, name).toBeGreaterThan(0);
    for (const part of functions) expect(part, name).toMatch(ASKS);
  }
});

test("every server action requires a permission or a signed-in user", () => {
  const actionFiles = files.filter(({ text }) => text.startsWith('"use server"'));
  expect(actionFiles.length).toBeGreaterThan(6);
  for (const { name, text } of actionFiles) {
    const rules = partsOf(text, /\b(?:formAction|runAction)\(/);
    for (const part of rules)
      expect(part.slice(0, 300), name).toMatch(
        /\bauthorize(: (may\(|requireSelf|\(\) => requireUser\()|,)/,
      );
    for (const part of partsOf(text, /^export async function /m))
      expect(part, name).toMatch(
        /\b(runAction|authorize|authorizeMember|requireSelf|requireUser|currentSession)\(/,
      );
    if (/^const authorize\b/m.test(text))
      expect(text, name).toMatch(/^const authorize = may\("\w+:(view|manage)"[^)]*\);$/m);
  }
});
