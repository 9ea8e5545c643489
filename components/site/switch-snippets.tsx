import { Code, Line, Str, Word } from "@/components/ui/code-block";
import type { CodeSnippet } from "@/components/ui/code-tabs";

/** The change a user makes to switch over, in four languages. `copy` is the code after the change. */
export function switchSnippets(address: string): CodeSnippet[] {
  const v1 = `${address}/v1`;
  return [
    {
      id: "python",
      name: "Python",
      copy: `from openai import OpenAI

client = OpenAI(
    base_url="${v1}",
    api_key=os.environ["ONEKEY_API_KEY"],
)

stream = client.chat.completions.create(
    model="claude-sonnet-5-5",
    messages=messages,
    stream=True,
)`,
      body: (
        <Code diff>
          <Line>
            <Word>from</Word> openai <Word>import</Word> OpenAI
          </Line>
          <Line> </Line>
          <Line>client = OpenAI(</Line>
          <Line change="del" indent={4}>
            api_key=os.environ["OPENAI_API_KEY"],
          </Line>
          <Line change="add" indent={4}>
            base_url=<Str>"{v1}"</Str>,
          </Line>
          <Line change="add" indent={4}>
            api_key=os.environ[<Str>"ONEKEY_API_KEY"</Str>],
          </Line>
          <Line>)</Line>
          <Line> </Line>
          <Line>stream = client.chat.completions.create(</Line>
          <Line indent={4}>
            model=<Str>"claude-sonnet-5-5"</Str>,
          </Line>
          <Line indent={4}>messages=messages,</Line>
          <Line indent={4}>stream=True,</Line>
          <Line>)</Line>
        </Code>
      ),
    },
    {
      id: "typescript",
      name: "TypeScript",
      copy: `import OpenAI from "openai";

const client = new OpenAI({
  baseURL: "${v1}",
  apiKey: process.env.ONEKEY_API_KEY,
});

const stream = await client.chat.completions.create({
  model: "claude-sonnet-5-5",
  messages,
  stream: true,
});`,
      body: (
        <Code diff>
          <Line>
            <Word>import</Word> OpenAI <Word>from</Word> <Str>"openai"</Str>;
          </Line>
          <Line> </Line>
          <Line>
            <Word>const</Word> client = <Word>new</Word> OpenAI({"{"}
          </Line>
          <Line change="del" indent={2}>
            apiKey: process.env.OPENAI_API_KEY,
          </Line>
          <Line change="add" indent={2}>
            baseURL: <Str>"{v1}"</Str>,
          </Line>
          <Line change="add" indent={2}>
            apiKey: process.env.ONEKEY_API_KEY,
          </Line>
          <Line>{"});"}</Line>
          <Line> </Line>
          <Line>
            <Word>const</Word> stream = <Word>await</Word> client.chat.completions.create({"{"}
          </Line>
          <Line indent={2}>
            model: <Str>"claude-sonnet-5-5"</Str>,
          </Line>
          <Line indent={2}>messages,</Line>
          <Line indent={2}>stream: true,</Line>
          <Line>{"});"}</Line>
        </Code>
      ),
    },
    {
      id: "curl",
      name: "curl",
      copy: `curl ${v1}/chat/completions \\
  -H "Authorization: Bearer $ONEKEY_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d @request.json`,
      body: (
        <Code diff>
          <Line change="del">curl https://api.openai.com/v1/chat/completions \</Line>
          <Line change="del" indent={2}>
            -H "Authorization: Bearer $OPENAI_API_KEY" \
          </Line>
          <Line change="add">curl {v1}/chat/completions \</Line>
          <Line change="add" indent={2}>
            -H <Str>"Authorization: Bearer $ONEKEY_API_KEY"</Str> \
          </Line>
          <Line indent={2}>
            -H <Str>"Content-Type: application/json"</Str> \
          </Line>
          <Line indent={2}>-d @request.json</Line>
        </Code>
      ),
    },
    {
      id: "claude-code",
      name: "Claude Code",
      copy: `export ANTHROPIC_BASE_URL="${address}"
export ANTHROPIC_AUTH_TOKEN="$ONEKEY_API_KEY"
unset ANTHROPIC_API_KEY

claude`,
      body: (
        <Code diff>
          <Line change="add">
            <Word>export</Word> ANTHROPIC_BASE_URL=<Str>"{address}"</Str>
          </Line>
          <Line change="add">
            <Word>export</Word> ANTHROPIC_AUTH_TOKEN=<Str>"$ONEKEY_API_KEY"</Str>
          </Line>
          <Line>
            <Word>unset</Word> ANTHROPIC_API_KEY
          </Line>
          <Line> </Line>
          <Line>claude</Line>
        </Code>
      ),
    },
  ];
}
