const SUITE = "The snippets of this page run in the test suite.";
const on = (...tools: string[]) => `Run through OneKey on 30 Nov 2026 with ${tools.join(", ")}.`;
const partly = (...tools: string[]) =>
  `The TypeScript snippets of this page run in the test suite. ${on(...tools)}`;

/** What was run for each page, by its slug. The tool of a page that is not listed was not run. */
export const notes: Partial<Record<string, string>> = {
  curl: SUITE,
  "management-api": SUITE,
  estimates: SUITE,
  webhooks: "The TypeScript snippet and the events of this page run in the test suite.",
  "vercel-ai-sdk": SUITE,
  openai: partly("openai 3.57.0"),
  anthropic: partly("anthropic 2.14.0"),
  "google-genai": partly("google-genai 3.6.1"),
  xai: partly("openai 3.57.0"),
  go: on("openai-go 3.99", "anthropic-sdk-go 1.84", "genai 1.77"),
  langchain: on(
    "langchain-openai 1.7.3",
    "langchain-anthropic 1.7.10",
    "langchain-google-genai 4.4.3",
  ),
  "pydantic-ai": on("pydantic-ai 2.68.0"),
  "openai-agents": on("openai-agents 0.24.0"),
  litellm: on("LiteLLM 1.110.2"),
  llamaindex: on("llama-index-llms-openai-like 0.1.3"),
  "claude-code": on("Claude Code 2.1.332"),
  "codex-cli": on("Codex CLI 0.171.0"),
  "gemini-cli": on("Gemini CLI 0.61.0"),
  opencode: on("opencode 1.18.33"),
  "qwen-code": on("Qwen Code 0.24.4"),
  cline: on("Cline CLI 3.0.65"),
  aider: on("Aider 0.86.2"),
  continue: on("Continue CLI 1.5.47"),
  pi: on("pi 1.6.0"),
  llm: on("llm 0.36"),
  librechat: "The file of this page is checked by the schema of LibreChat 0.8.",
};
