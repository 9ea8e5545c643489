import { Section } from "@/components/dashboard/section";
import { Code, codeFrame, codeHead } from "@/components/ui/code-block";
import { CopyButton } from "@/components/ui/copy-button";
import { errorBody } from "@/lib/gateway/response/error-body";
import { exampleError } from "./example-error";
import type { LimitRow } from "./limit-rows";

/**
 * The response to a request that costs a little more than what is left of the account's tightest limit of credits: built as the
 * gateway builds it, with the figures of now. Nothing where there is no such limit.
 */
export function ErrorExample({ rows, now }: { rows: LimitRow[]; now: number }) {
  const error = exampleError(rows, now);
  if (!error) return null;
  const { headers, status } = error;
  const body = JSON.stringify(JSON.parse(errorBody(error, "openai", "")), null, 2);
  const lines = [
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    "",
    ...body.split("\n"),
  ];
  return (
    <Section title="What a client gets at a limit">
      <div className={codeFrame}>
        <div className={codeHead}>
          <span className="text-sm text-muted">{status}, not charged</span>
          <CopyButton text={lines.join("\n")} subject="response" />
        </div>
        <Code>
          {lines.map((line, index) => (
            // The message is a sentence, which is read without scrolling.
            <span key={index} className="block min-h-5.25 px-4 wrap-anywhere whitespace-pre-wrap">
              {line}
            </span>
          ))}
        </Code>
      </div>
    </Section>
  );
}
