import { describe, expect, test } from "vitest";
import { countLanguage, folderOf, measureLanguage, rules } from "./language.mjs";

const language = measureLanguage();
const counts = countLanguage(language);
const { ceilings } = rules;

describe("names", () => {
  test("one-word type names stay below their ceiling", () => {
    expect(counts.oneWordTypesPercent).toBeLessThanOrEqual(ceilings.oneWordTypesPercent);
  });

  test("locals named by a participle or a pronoun stay below their ceiling", () => {
    expect(counts.emptyLocalsPercent).toBeLessThanOrEqual(ceilings.emptyLocalsPercent);
  });
});

describe("replaced terms", () => {
  test("a folder without a ceiling has none, every other stays below its ceiling", () => {
    const isAbove = (folder) => (counts.terms[folder] ?? 0) > (ceilings.terms[folder] ?? 0);
    const places = language.terms
      .filter(({ file }) => isAbove(folderOf(file)))
      .map(({ file, line, term, text }) => `${file}:${line}: "${term}" in: ${text.trim()}`);
    expect(places).toEqual([]);
  });

  test("every exception has a reason", () => {
    for (const { terms, reason } of rules.allowed) {
      expect(terms.length).toBeGreaterThan(0);
      expect(reason).toMatch(/^[A-Z].{10,}\.$/);
    }
  });
});
