/** Every page of the docs in the order of the list at its side. */
export type DocsPage = {
  path: string;
  title: string;
  /** Of a tool's page: what was run against this code, and what could not be. */
  tried?: string;
};

const SUITE = "Run in the tests of this code.";
const NOT_HERE = "Not run here: the settings are those of the tool's own documentation.";

export const groups: { title: string; pages: DocsPage[] }[] = [
  {
    title: "Start",
    pages: [
      { path: "/docs", title: "Quickstart" },
      { path: "/docs/api", title: "API reference" },
      { path: "/docs/errors", title: "Errors" },
      { path: "/docs/limits", title: "Limits" },
      { path: "/docs/billing", title: "Billing" },
      { path: "/docs/privacy", title: "Privacy" },
      { path: "/docs/self-hosting", title: "Self-hosting" },
    ],
  },
  {
    title: "SDKs",
    pages: [
      { path: "/docs/curl", title: "curl", tried: SUITE },
      {
        path: "/docs/openai",
        title: "OpenAI SDKs",
        tried: "TypeScript: run in the tests of this code. Python: not run here.",
      },
      {
        path: "/docs/anthropic",
        title: "Anthropic SDKs",
        tried: "TypeScript: run in the tests of this code. Python: not run here.",
      },
      {
        path: "/docs/google-genai",
        title: "Google GenAI",
        tried: "TypeScript: run in the tests of this code. Python: not run here.",
      },
      { path: "/docs/vercel-ai-sdk", title: "Vercel AI SDK", tried: SUITE },
      { path: "/docs/langchain", title: "LangChain", tried: NOT_HERE },
    ],
  },
  {
    title: "Tools",
    pages: [
      { path: "/docs/claude-code", title: "Claude Code", tried: NOT_HERE },
      { path: "/docs/codex-cli", title: "Codex CLI", tried: NOT_HERE },
      { path: "/docs/gemini-cli", title: "Gemini CLI", tried: NOT_HERE },
      { path: "/docs/cursor", title: "Cursor", tried: NOT_HERE },
      { path: "/docs/cline", title: "Cline", tried: NOT_HERE },
      { path: "/docs/aider", title: "Aider", tried: NOT_HERE },
      { path: "/docs/continue", title: "Continue", tried: NOT_HERE },
      { path: "/docs/zed", title: "Zed", tried: NOT_HERE },
      { path: "/docs/open-webui", title: "Open WebUI", tried: NOT_HERE },
      { path: "/docs/librechat", title: "LibreChat", tried: NOT_HERE },
    ],
  },
];

export const docsPages: DocsPage[] = groups.flatMap(({ pages }) => pages);
