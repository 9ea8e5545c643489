import type { PlaygroundRequest } from "./build-body";

/** A request as a complete program, by language. The key is read from ONEKEY_API_KEY. */
export function copiesOf({ path, body }: PlaygroundRequest, address: string) {
  return [
    { id: "curl", name: "curl", text: curl({ path, body }, address) },
    { id: "typescript", name: "TypeScript", text: typescript({ path, body }, address) },
    { id: "python", name: "Python", text: python({ path, body }, address) },
  ];
}

const KEY = "${ONEKEY_API_KEY:?Set it to your key}";

function curl({ path, body }: PlaygroundRequest, address: string): string {
  const output = path === "/v1/audio/speech" ? " -o speech.mp3" : "";
  // A quoted heredoc: the shell changes nothing in it, and no line of JSON is its end.
  return `curl ${address}${path}${output} \\
  -H "Authorization: Bearer ${KEY}" \\
  -H "Content-Type: application/json" \\
  --data-binary @- <<'END_OF_JSON'
${JSON.stringify(body, null, 2)}
END_OF_JSON`;
}

/** The method of each SDK, the statement that reads its response, and the one that reads its stream. */
const calls: Record<
  PlaygroundRequest["path"],
  { method: string; read: string; pythonRead: string; stream?: string; pythonStream?: string }
> = {
  "/v1/chat/completions": {
    method: "chat.completions.create",
    read: "console.log(response.choices[0].message.content);",
    pythonRead: "print(response.choices[0].message.content)",
    stream: 'process.stdout.write(event.choices[0]?.delta?.content ?? "");',
    pythonStream:
      'if event.choices:\n        print(event.choices[0].delta.content or "", end="", flush=True)',
  },
  "/v1/messages": {
    method: "messages.create",
    read: "console.log(response.content);",
    pythonRead: "print(response.content)",
    stream:
      'if (event.type === "content_block_delta" && event.delta.type === "text_delta")\n    process.stdout.write(event.delta.text);',
    pythonStream:
      'if event.type == "content_block_delta" and event.delta.type == "text_delta":\n        print(event.delta.text, end="", flush=True)',
  },
  "/v1/responses": {
    method: "responses.create",
    read: "console.log(response.output_text);",
    pythonRead: "print(response.output_text)",
    stream: 'if (event.type === "response.output_text.delta") process.stdout.write(event.delta);',
    pythonStream:
      'if event.type == "response.output_text.delta":\n        print(event.delta, end="", flush=True)',
  },
  "/v1/images/generations": {
    method: "images.generate",
    read: 'fs.writeFileSync("image.png", Buffer.from(response.data[0].b64_json, "base64"));',
    pythonRead:
      'import base64\nopen("image.png", "wb").write(base64.b64decode(response.data[0].b64_json))',
  },
  "/v1/audio/speech": {
    method: "audio.speech.create",
    read: 'fs.writeFileSync("speech.mp3", Buffer.from(await response.arrayBuffer()));',
    pythonRead: 'open("speech.mp3", "wb").write(response.content)',
  },
  "/v1/embeddings": {
    method: "embeddings.create",
    read: "console.log(response.data[0].embedding);",
    pythonRead: "print(response.data[0].embedding)",
  },
};

function typescript({ path, body }: PlaygroundRequest, address: string): string {
  const { method, read, stream } = calls[path];
  const isAnthropic = path === "/v1/messages";
  const [name, library] = isAnthropic ? ["Anthropic", "@anthropic-ai/sdk"] : ["OpenAI", "openai"];
  const files = read.startsWith("fs.") ? 'import fs from "node:fs";\n' : "";
  const end =
    body.stream === true && stream !== undefined
      ? `for await (const event of response) {\n  ${stream}\n}`
      : read;
  return `${files}import ${name} from "${library}";

const client = new ${name}({
  baseURL: "${address}${isAnthropic ? "" : "/v1"}",
  apiKey: process.env.ONEKEY_API_KEY,
});
const response = await client.${method}(${JSON.stringify(body, null, 2)});
${end}`;
}

function python({ path, body }: PlaygroundRequest, address: string): string {
  const { method, pythonRead, pythonStream } = calls[path];
  const isAnthropic = path === "/v1/messages";
  const [name, library] = isAnthropic ? ["Anthropic", "anthropic"] : ["OpenAI", "openai"];
  const end =
    body.stream === true && pythonStream !== undefined
      ? `for event in response:\n    ${pythonStream}`
      : pythonRead;
  const args = Object.entries(body)
    .map(([key, value]) => `    ${key}=${pythonValue(value, 1)},`)
    .join("\n");
  return `import os
from ${library} import ${name}

client = ${name}(
    base_url="${address}${isAnthropic ? "" : "/v1"}",
    api_key=os.environ["ONEKEY_API_KEY"],
)
response = client.${method}(
${args}
)
${end}`;
}

/** A JSON value as Python writes it. JSON's strings are strings of Python too. */
function pythonValue(value: unknown, depth: number): string {
  const [inner, outer] = ["    ".repeat(depth + 1), "    ".repeat(depth)];
  const block = (open: string, lines: string[], close: string) =>
    lines.length === 0
      ? open + close
      : `${open}\n${lines.map((line) => `${inner}${line},`).join("\n")}\n${outer}${close}`;
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value))
    return block(
      "[",
      value.map((entry) => pythonValue(entry, depth + 1)),
      "]",
    );
  if (typeof value === "object")
    return block(
      "{",
      Object.entries(value).map(
        ([key, entry]) => `${JSON.stringify(key)}: ${pythonValue(entry, depth + 1)}`,
      ),
      "}",
    );
  return JSON.stringify(value);
}
