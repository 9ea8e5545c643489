import type { Metadata } from "next";
import { notes } from "./checked";

/** A page of the docs. */
export type DocsPage = {
  path: string;
  title: string;
  /** One or two sentences: the first paragraph of the page, its description for search engines and in llms.txt. */
  description: string;
  /** What of the page was run, with the version and the date. */
  checked?: string;
};

type DocPage = [slug: string, title: string, description: string];

const group = (title: string, pages: DocPage[]): { title: string; pages: DocsPage[] } => ({
  title,
  pages: pages.map(([slug, name, description]) => ({
    path: slug === "" ? "/docs" : `/docs/${slug}`,
    title: name,
    description,
    ...(notes[slug] === undefined ? {} : { checked: notes[slug] }),
  })),
});

/** Every page of the docs, in the order of the list at its side. */
export const groups: { title: string; pages: DocsPage[] }[] = [
  group("Start", [
    [
      "",
      "Quickstart",
      "One key works for OpenAI, Anthropic, Google and xAI. Your tool stays as it is: you change its base URL and its key.",
    ],
    [
      "api",
      "API reference",
      "Every endpoint that OneKey serves, with its headers, fields, errors and examples, from the OpenAPI document.",
    ],
    [
      "management-api",
      "Management API",
      "Manage projects, keys and limits from a program, and read credits, usage and the audit log.",
    ],
    [
      "webhooks",
      "Webhooks",
      "Get a signed request at your server when a balance is low, a limit is near, a payment is credited, a key changes or a model retires.",
    ],
    ["errors", "Errors", "Every status that OneKey returns, what it means and what to do."],
    ["teams", "Teams", "Several people on one balance: invitations, roles, and what each may do."],
    ["limits", "Limits", "The limits of a project, of a request and of the service."],
    [
      "self-hosting",
      "Self-hosting",
      "Run OneKey on your own machine, with your own provider credentials.",
    ],
  ]),
  group("Billing", [
    [
      "billing",
      "What a request costs",
      "How a request is held, charged and recorded, to the billionth of a credit.",
    ],
    [
      "estimates",
      "Exact and estimated usage",
      "A cost is exact when the provider states what it used. For some streams it does not, and OneKey counts. This page says when, how, and how to get exact costs for all requests.",
    ],
  ]),
  group("Privacy", [
    ["privacy", "What is stored", "What OneKey stores of a request, and what the providers store."],
    [
      "will-not-do",
      "What OneKey will not do, and why",
      "Features that are missing on purpose, the reason for each, and what to use instead.",
    ],
  ]),
  group("SDKs", [
    ["curl", "curl", "Requests in every dialect from the command line."],
    ["openai", "OpenAI SDKs", "Use the OpenAI SDKs for TypeScript and Python with OneKey."],
    [
      "anthropic",
      "Anthropic SDKs",
      "Use the Anthropic SDKs for TypeScript and Python with OneKey.",
    ],
    ["google-genai", "Google GenAI", "Use Google’s SDK for TypeScript and Python with OneKey."],
    ["xai", "xAI", "Use Grok with OneKey through the OpenAI SDK or the Vercel AI SDK."],
    ["go", "Go SDKs", "Use the Go SDKs of OpenAI, Anthropic and Google with OneKey."],
    [
      "vercel-ai-sdk",
      "Vercel AI SDK",
      "Use the AI SDK’s packages for OpenAI, Anthropic and Google with OneKey.",
    ],
    ["langchain", "LangChain", "Use LangChain’s chat models with OneKey."],
    ["llamaindex", "LlamaIndex", "Use LlamaIndex with OneKey."],
    ["pydantic-ai", "Pydantic AI", "Use Pydantic AI with OneKey."],
    ["openai-agents", "OpenAI Agents SDK", "Use the OpenAI Agents SDK with any text model."],
    ["litellm", "LiteLLM", "Use the LiteLLM SDK with OneKey in each dialect."],
  ]),
  group("Tools", [
    ["claude-code", "Claude Code", "Run Claude Code through OneKey."],
    ["codex-cli", "Codex CLI", "Run Codex CLI through OneKey."],
    ["gemini-cli", "Gemini CLI", "Run Gemini CLI through OneKey, in a terminal or in a script."],
    ["opencode", "opencode", "Run opencode with any text model through OneKey."],
    ["qwen-code", "Qwen Code", "Run Qwen Code with any text model through OneKey."],
    ["cursor", "Cursor", "Use OneKey’s models in Cursor."],
    ["cline", "Cline", "Use OneKey in Cline."],
    ["aider", "Aider", "Run Aider through OneKey."],
    ["continue", "Continue", "Use OneKey in Continue."],
    ["zed", "Zed", "Use OneKey in Zed’s agent panel."],
    ["pi", "pi", "Run the pi coding agent through OneKey."],
    ["llm", "llm", "Use OneKey with the llm command."],
    ["open-webui", "Open WebUI", "Connect Open WebUI to OneKey."],
    ["librechat", "LibreChat", "Add OneKey to LibreChat as a custom endpoint."],
  ]),
];

export const docsPages: DocsPage[] = groups.flatMap(({ pages }) => pages);

/** The metadata of a page of the docs. */
export function metadataOf(path: string): Metadata {
  const page = docsPages.find((candidate) => candidate.path === path);
  if (!page) throw new Error(`pages.ts does not list ${path}.`);
  return {
    title: page.title,
    description: page.description,
    alternates: { canonical: path, types: { "text/markdown": `${path}.md` } },
  };
}
