/** What stands over a block of code in each language. */
export const languageNames: Record<string, string> = {
  sh: "Terminal",
  ts: "TypeScript",
  python: "Python",
  go: "Go",
  json: "JSON",
  toml: "TOML",
  yaml: "YAML",
  http: "HTTP",
};

/** The tab of a language; a shell snippet next to other languages is the curl one. */
export function tabOf(language: string): { id: string; name: string } {
  if (language === "sh") return { id: "curl", name: "curl" };
  if (language === "ts") return { id: "typescript", name: "TypeScript" };
  return { id: language, name: languageNames[language] ?? language };
}
