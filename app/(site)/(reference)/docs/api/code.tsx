import { Code, CodeBlock, CodeToken, Line } from "@/components/ui/code-block";
import { CodeTabs } from "@/components/ui/code-tabs";
import { highlight } from "@/components/ui/highlight.mjs";
import { tabOf } from "@/app/(site)/docs/languages";
import type { ApiOperation } from "./reference";
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
  return <CodeTabs label="Language of the request" snippets={snippets} />;
}

const SHOWN = ["200", "402", "429"];

/** Responses of an endpoint by status, as examples. */
export function ResponseSamples({ operation }: { operation: ApiOperation }) {
  const snippets = SHOWN.flatMap((status) => {
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
  return <CodeTabs label="Status of the response" snippets={snippets} remember={false} />;
}

/** The head of a response with the headers that OneKey adds. */
export function HeaderSample() {
  const text = `HTTP/1.1 200 OK
content-type: application/json
x-onekey-request-id: req_1bG7mXe5UaS9dRh2KfQ6Zc
x-ratelimit-limit-requests: 120
x-ratelimit-remaining-requests: 119
x-ratelimit-reset-requests: 60s`;
  return <CodeBlock name="Response headers" copy={text} />;
}
