import type { CodeSnippet } from "@/components/ui/code-tabs";
import { ColoredCode } from "@/components/ui/colored-code";
import { listModels } from "@/lib/catalog/queries";
import type { EndpointName } from "@/lib/catalog/schema";

/** Client settings with this server's address. The key is a variable, so that no page contains a complete key. */
export function snippetsOf({
  address,
  models,
}: {
  address: string;
  models?: string[];
}): CodeSnippet[] {
  // Prefer a model that every snippet can name.
  const chat =
    modelFor(["chat.completions", "messages"], models) ?? modelFor(["chat.completions"], models);
  const claude = modelFor(["messages"], models);
  const gemini = modelFor(["gemini.generateContent"], models);
  const v1 = `${address}/v1`;
  const texts: [id: string, name: string, text: string | undefined][] = [
    [
      "shell",
      "Shell",
      `export OPENAI_BASE_URL="${v1}"\nexport OPENAI_API_KEY="\${ONEKEY_API_KEY:?Set it to your key}"`,
    ],
    ["python", "Python", chat && python(v1, chat)],
    ["typescript", "TypeScript", chat && typescript(v1, chat)],
    ["curl", "curl", chat && curl(v1, chat)],
    ["anthropic", "Anthropic", claude && anthropic(address, claude)],
    ["gemini", "Gemini", gemini && genai(address, gemini)],
    [
      "claude-code",
      "Claude Code",
      claude &&
        `export ANTHROPIC_BASE_URL="${address}"\nexport ANTHROPIC_AUTH_TOKEN="$OPENAI_API_KEY"\nunset ANTHROPIC_API_KEY\n\nclaude`,
    ],
  ];
  return texts.flatMap(([id, name, text]) =>
    text === undefined ? [] : [{ id, name, copy: text, body: <ColoredCode text={text} /> }],
  );
}

/** A current model that the project may call at all of the endpoints; small models are preferred. */
export function modelFor(requiredEndpoints: EndpointName[], projectModels: string[] | undefined) {
  const candidates = listModels().filter(
    ({ id, endpoints, status }) =>
      status === "current" &&
      requiredEndpoints.every((endpoint) => endpoints.includes(endpoint)) &&
      (projectModels === undefined || projectModels.includes(id)),
  );
  return (candidates.find(({ id }) => /haiku|flash|mini/.test(id)) ?? candidates[0])?.id;
}

const python = (v1: string, model: string) => `import os
from openai import OpenAI

client = OpenAI(
    base_url="${v1}",
    api_key=os.environ["OPENAI_API_KEY"],
)

answer = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "Hello"}],
)
print(answer.choices[0].message.content)`;

const typescript = (v1: string, model: string) => `import OpenAI from "openai";

const client = new OpenAI({
  baseURL: "${v1}",
  apiKey: process.env.OPENAI_API_KEY,
});

const answer = await client.chat.completions.create({
  model: "${model}",
  messages: [{ role: "user", content: "Hello" }],
});
console.log(answer.choices[0]?.message.content);`;

const curl = (v1: string, model: string) => `curl ${v1}/chat/completions \\
  -H "Authorization: Bearer $OPENAI_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"model":"${model}","messages":[{"role":"user","content":"Hello"}]}'`;

const anthropic = (address: string, model: string) => `import Anthropic from "@anthropic-ai/sdk";

const client = new Anthropic({
  baseURL: "${address}",
  apiKey: process.env.OPENAI_API_KEY,
});

const message = await client.messages.create({
  model: "${model}",
  max_tokens: 1024,
  messages: [{ role: "user", content: "Hello" }],
});
console.log(message.content);`;

const genai = (
  address: string,
  model: string,
) => `curl ${address}/v1beta/models/${model}:generateContent \\
  -H "x-goog-api-key: $OPENAI_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"contents":[{"parts":[{"text":"Hello"}]}]}'`;
