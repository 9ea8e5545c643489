export type CodeKind = "plain" | "string" | "key" | "comment";
export type CodeToken = { text: string; kind: CodeKind };

/** `language` is one of sh, ts, tsx, python, go, json, toml and yaml; any other gives plain text. */
export function highlight(text: string, language: string): Promise<CodeToken[][]>;
