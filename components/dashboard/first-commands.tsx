import { CodeTabs, type CodeSnippet } from "@/components/ui/code-tabs";
import { ColoredCode } from "@/components/ui/colored-code";

/** The models that the commands name; `claude` is missing where the project may call none. */
export interface FirstModels {
  chat: string;
  claude?: string | undefined;
}

interface Props {
  /** The address of this server, without a path. */
  address: string;
  models: FirstModels;
  /** The complete key while it is shown; otherwise the commands read ONEKEY_API_KEY and name it when it is missing. */
  secret?: string | undefined;
}

/** What a new key's first request is sent with, and waited for by. */
export interface FirstUse {
  keyId: string;
  projectId: string;
  /** When the key was created, in epoch milliseconds. */
  at: number;
  address: string;
  models: FirstModels;
}

/** The commands with a key that is being shown. */
export function RevealedCommands(props: Props & { secret: string }) {
  return (
    <div className="grid min-w-0 gap-2">
      <p className="flex flex-wrap justify-between gap-x-4 text-sm">
        <span className="font-medium">Send your first request</span>
        <span className="text-muted">The key is in the command. It runs as it is.</span>
      </p>
      <FirstCommands {...props} />
    </div>
  );
}

/** Commands that send a first request as they are copied. */
export function FirstCommands(props: Props) {
  return <CodeTabs label="First request" snippets={firstCommands(props)} />;
}

export function firstCommands({ address, models, secret }: Props): CodeSnippet[] {
  const commands: [id: string, name: string, command: string][] = [
    ["curl", "curl", curl(address, models.chat)],
    ["typescript", "TypeScript", typescript(address, models.chat)],
    ["python", "Python", python(address, models.chat)],
  ];
  if (models.claude !== undefined)
    commands.push(["claude-code", "Claude Code", claudeCode(address, models.claude)]);
  return commands.map(([id, name, command]) => {
    const text = secret === undefined ? command : `export ONEKEY_API_KEY="${secret}"\n\n${command}`;
    return { id, name, copy: text, body: <ColoredCode text={text} /> };
  });
}

/** Where the variable is not set, the shell prints the words and does not run the command. */
const KEY = "${ONEKEY_API_KEY:?Set it to your key}";

const curl = (address: string, model: string) => `curl ${address}/v1/chat/completions \\
  -H "Authorization: Bearer ${KEY}" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "${model}",
       "messages": [{"role": "user", "content": "Say hello."}]}'`;

const typescript = (address: string, model: string) => `npm install openai
ONEKEY_API_KEY="${KEY}" node --input-type=module <<'EOF'
import OpenAI from "openai";

const client = new OpenAI({
  baseURL: "${address}/v1",
  apiKey: process.env.ONEKEY_API_KEY,
});
const response = await client.chat.completions.create({
  model: "${model}",
  messages: [{ role: "user", content: "Say hello." }],
});
console.log(response.choices[0].message.content);
EOF`;

const python = (address: string, model: string) => `pip install openai
ONEKEY_API_KEY="${KEY}" python3 - <<'EOF'
import os
from openai import OpenAI

client = OpenAI(
    base_url="${address}/v1",
    api_key=os.environ["ONEKEY_API_KEY"],
)
response = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "Say hello."}],
)
print(response.choices[0].message.content)
EOF`;

const claudeCode = (address: string, model: string) => `npm install -g @anthropic-ai/claude-code
export ANTHROPIC_BASE_URL="${address}"
export ANTHROPIC_AUTH_TOKEN="${KEY}"
unset ANTHROPIC_API_KEY
claude --model ${model} -p "Say hello."`;
