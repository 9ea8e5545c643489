import { STATUS_CODES } from "node:http";
import { Play } from "lucide-react";
import Link from "next/link";
import { buttonStyle } from "@/components/ui/button";
import { Code, CodeBlock, CodeToken, Line } from "@/components/ui/code-block";
import { CodeTabs } from "@/components/ui/code-tabs";
import { highlight } from "@/components/ui/highlight.mjs";
import { PlaygroundPath } from "@/lib/playground/schema";
import { tabOf } from "@/app/(site)/docs/languages";
import { successOf, type ApiOperation } from "./reference";
import { samplesOf } from "./samples";

/** Code with its colors, made when the page is rendered. */
export async function Highlighted({ text, language }: { text: string; language: string }) {
  const lines = await highlight(text, language);
  return (
    <Code>
      {lines.map((line, index) => (
        <Line key={index}>
          {line.map(({ text: words, kind }, at) => (
            <CodeToken key={at} kind={kind}>
              {words}
            </CodeToken>
          ))}
        </Line>
      ))}
    </Code>
  );
}

/** The request of an endpoint in each language. */
export function RequestSamples({
  operation,
  address,
}: {
  operation: ApiOperation;
  address: string;
}) {
  const snippets = samplesOf(operation, address).map(({ language, text }) => ({
    ...tabOf(language),
    copy: text,
    body: <Highlighted text={text} language={language} />,
  }));
  const model = playgroundModelOf(operation);
  return (
    <div className="grid min-w-0 gap-2">
      <CodeTabs label="Language of the request" snippets={snippets} />
      {model === null ? null : (
        <p className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 text-sm text-muted">
          <span>In the playground it runs with your session, for one of your projects.</span>
          <Link
            href={`/dashboard/playground?model=${encodeURIComponent(model)}`}
            prefetch={false}
            className={buttonStyle({ size: "sm" })}
          >
            <Play aria-hidden="true" />
            Try it
          </Link>
        </p>
      )}
    </div>
  );
}

/** The model of an operation's example, where the playground sends to its path. */
function playgroundModelOf({ path, requestBody }: ApiOperation): string | null {
  const example: unknown = Object.values(requestBody?.content ?? {})[0]?.example;
  const isServed = PlaygroundPath.options.some((option) => option === path);
  if (!isServed || typeof example !== "object" || example === null) return null;
  return "model" in example && typeof example.model === "string" ? example.model : null;
}

const SHOWN_ERRORS = ["402", "409", "412", "429"];

/** Responses of an endpoint by status, as examples. */
export function ResponseSamples({ operation }: { operation: ApiOperation }) {
  const success = successOf(operation);
  const stream = success.content?.["text/event-stream"]?.example;
  const streamSnippets =
    typeof stream === "string"
      ? [
          {
            id: "stream",
            name: `${success.status}, stream`,
            copy: stream,
            body: <Highlighted text={stream.trimEnd()} language="text" />,
          },
        ]
      : [];
  const statusSnippets = [success.status, ...SHOWN_ERRORS].flatMap((status) => {
    const example = Object.values(operation.responses[status]?.content ?? {})[0]?.example;
    if (example === undefined) return [];
    const text = JSON.stringify(example, null, 2);
    return [
      {
        id: `status-${status}`,
        name: status,
        copy: text,
        body: <Highlighted text={text} language="json" />,
      },
    ];
  });
  const snippets = statusSnippets.toSpliced(1, 0, ...streamSnippets);
  return <CodeTabs label="Status of the response" snippets={snippets} remember={false} />;
}

/** Values of headers, for an example. */
const headerValues: Record<string, string> = {
  "x-onekey-request-id": "req_1bG7mXe5UaS9dRh2KfQ6Zc",
  etag: '"Zk3Vt8QmB17Hf2LpXw9cAe"',
  "x-onekey-max-cost": "0.002056000",
  "x-onekey-cost": "0.000088000",
  "x-ratelimit-limit-requests": "120",
  "x-ratelimit-remaining-requests": "119",
  "x-ratelimit-reset-requests": "60s",
};

/** The head of a response with the headers that OneKey adds to it. */
export function HeaderSample({ operation }: { operation: ApiOperation }) {
  const { status, headers = {}, content } = successOf(operation);
  const lines = Object.entries(headerValues)
    .filter(([name]) => name in headers)
    .map(([name, value]) => `${name}: ${value}`);
  const type = content && `content-type: ${Object.keys(content)[0]}`;
  const text = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...(type ? [type] : []), ...lines];
  return <CodeBlock name="Response headers" copy={text.join("\n")} />;
}
