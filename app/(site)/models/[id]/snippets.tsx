import { Highlighted } from "@/app/(site)/(reference)/docs/api/code";
import type { CodeSnippet } from "@/components/ui/code-tabs";
import type { EndpointName, Model } from "@/lib/catalog/schema";

interface SnippetRequest {
  model: Pick<Model, "id" | "endpoints">;
  address: string;
}

/** A request to a model in each language and dialect that it takes, ready to paste. */
export function snippetsOf({ model, address }: SnippetRequest): CodeSnippet[] {
  return Object.entries(writers)
    .filter(([, { endpoint }]) => model.endpoints.includes(endpoint))
    .map(([id, { name, write }]) => {
      const copy = write({ id: model.id, address });
      return { id, name, copy, body: <Highlighted text={copy} language={languages[id] ?? "sh"} /> };
    });
}

/** The language of the snippets that are no shell. */
const languages: Record<string, string> = {
  python: "python",
  typescript: "ts",
  anthropic: "ts",
  gemini: "ts",
};

interface SnippetWriter {
  name: string;
  endpoint: EndpointName;
  write: (of: { id: string; address: string }) => string;
}

/** Where the variable is not set, the shell prints the words and sends nothing. */
const KEY = "${ONEKEY_API_KEY:?Set it to your key}";

const post = (
  address: string,
  path: string,
  body: Record<string, unknown>,
) => `curl ${address}${path} \\
  -H "Authorization: Bearer ${KEY}" \\
  -H "Content-Type: application/json" \\
  -d '${JSON.stringify(body)}'`;

const writers: Record<string, SnippetWriter> = {
  curl: {
    name: "curl",
    endpoint: "chat.completions",
    write: ({ id, address }) =>
      post(address, "/v1/chat/completions", {
        model: id,
        messages: [{ role: "user", content: "Hello" }],
      }),
  },
  python: {
    name: "Python",
    endpoint: "chat.completions",
    write: ({ id, address }) => `import os
from openai import OpenAI

client = OpenAI(base_url="${address}/v1", api_key=os.environ["ONEKEY_API_KEY"])

response = client.chat.completions.create(
    model="${id}",
    messages=[{"role": "user", "content": "Hello"}],
)
print(response.choices[0].message.content)`,
  },
  typescript: {
    name: "TypeScript",
    endpoint: "chat.completions",
    write: ({ id, address }) => `import OpenAI from "openai";

const client = new OpenAI({ baseURL: "${address}/v1", apiKey: process.env.ONEKEY_API_KEY });

const response = await client.chat.completions.create({
  model: "${id}",
  messages: [{ role: "user", content: "Hello" }],
});
console.log(response.choices[0]?.message.content);`,
  },
  anthropic: {
    name: "Anthropic SDK",
    endpoint: "messages",
    write: ({ id, address }) => `import Anthropic from "@anthropic-ai/sdk";

const client = new Anthropic({ baseURL: "${address}", apiKey: process.env.ONEKEY_API_KEY });

const response = await client.messages.create({
  model: "${id}",
  max_tokens: 1024,
  messages: [{ role: "user", content: "Hello" }],
});
console.log(response.content);`,
  },
  "claude-code": {
    name: "Claude Code",
    endpoint: "messages",
    write: ({ id, address }) => `export ANTHROPIC_BASE_URL="${address}"
export ANTHROPIC_AUTH_TOKEN="${KEY}"
unset ANTHROPIC_API_KEY
claude --model ${id}`,
  },
  gemini: {
    name: "Google GenAI",
    endpoint: "gemini.generateContent",
    write: ({ id, address }) => `import { GoogleGenAI } from "@google/genai";

const client = new GoogleGenAI({
  apiKey: process.env.ONEKEY_API_KEY,
  httpOptions: { baseUrl: "${address}" },
});

const response = await client.models.generateContent({ model: "${id}", contents: "Hello" });
console.log(response.text);`,
  },
  responses: {
    name: "Responses",
    endpoint: "responses",
    write: ({ id, address }) => post(address, "/v1/responses", { model: id, input: "Hello" }),
  },
  embeddings: {
    name: "curl",
    endpoint: "embeddings",
    write: ({ id, address }) => post(address, "/v1/embeddings", { model: id, input: "Hello" }),
  },
  images: {
    name: "curl",
    endpoint: "images.generations",
    write: ({ id, address }) =>
      post(address, "/v1/images/generations", { model: id, prompt: "A lighthouse at dusk" }),
  },
  speech: {
    name: "curl",
    endpoint: "audio.speech",
    write: ({ id, address }) =>
      `${post(address, "/v1/audio/speech", { model: id, voice: "alloy", input: "Hello" })} \\\n  -o hello.mp3`,
  },
  transcription: {
    name: "curl",
    endpoint: "audio.transcriptions",
    write: ({ id, address }) => `curl ${address}/v1/audio/transcriptions \\
  -H "Authorization: Bearer ${KEY}" \\
  -F model=${id} \\
  -F file=@hello.mp3`,
  },
  tts: {
    name: "curl",
    endpoint: "tts",
    write: ({ address }) =>
      `${post(address, "/v1/tts", { text: "Hello", language: "en", voice_id: "eve" })} \\\n  -o hello.mp3`,
  },
  stt: {
    name: "curl",
    endpoint: "stt",
    write: ({ address }) => `curl ${address}/v1/stt \\
  -H "Authorization: Bearer ${KEY}" \\
  -F language=en \\
  -F file=@hello.mp3`,
  },
  decision: {
    name: "curl",
    endpoint: "gemini.decisions",
    write: ({ id, address }) =>
      post(address, "/v1beta/decisions", {
        model: id,
        input: "Please cancel my order.",
        questions: { cancels: { type: "noul", instructions: "The customer wants to cancel." } },
      }),
  },
  moderation: {
    name: "curl",
    endpoint: "moderations",
    write: ({ id, address }) => post(address, "/v1/moderations", { model: id, input: "Hello" }),
  },
};
