"use client";

import { CircleAlert, Wrench } from "lucide-react";
import { Link } from "@/components/ui/link";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Textarea } from "@/components/ui/input";
import type { Answer, ToolCall, ToolResults } from "./conversation";
import { Measures } from "./measures";

interface Props {
  name: string;
  answer: Answer;
  isColumn: boolean;
  /** Sends the results of the calls; undefined where they have one, or may not be sent now. */
  onResults: ((results: ToolResults["results"]) => void) | undefined;
}

/** One answer: reasoning, text, calls, what went wrong, and its figures. */
export function AnswerView({ name, answer, isColumn, onResults }: Props) {
  const { text, reasoning, calls, state, problem } = answer;
  return (
    <section
      aria-label={`Answer of ${name}`}
      className="grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-3"
    >
      {reasoning === "" ? null : (
        <details className="text-sm text-muted">
          <summary>Reasoning</summary>
          <p className="mt-1 whitespace-pre-wrap">{reasoning}</p>
        </details>
      )}
      {text === "" && state !== "running" ? null : (
        <p className="wrap-anywhere whitespace-pre-wrap">
          {text}
          {state === "running" ? (
            <span
              aria-hidden="true"
              className="ml-0.5 inline-block h-4 w-1.5 translate-y-0.5 bg-accent"
            />
          ) : null}
        </p>
      )}
      {calls.length === 0 ? null : <Calls calls={calls} onResults={onResults} />}
      {problem ? <Problem problem={problem} /> : null}
      {state === "stopped" ? (
        <p className="text-sm text-muted">Stopped. What was produced until then is charged.</p>
      ) : null}
      <Measures answer={answer} isColumn={isColumn} />
    </section>
  );
}

function Problem({
  problem: { status, message, retryAfter },
}: {
  problem: NonNullable<Answer["problem"]>;
}) {
  return (
    <div role="alert" className="flex gap-2 rounded-md bg-danger-quiet px-3 py-2.5 text-sm">
      <CircleAlert aria-hidden="true" className="mt-0.5 size-4 flex-none text-danger" />
      <div className="grid min-w-0 gap-1.5">
        <p className="wrap-anywhere">
          <strong className="font-medium">{status > 0 ? `${status}: ` : ""}</strong>
          {message}
          {retryAfter === undefined ? "" : ` Try again in ${retryAfter} s.`}
        </p>
        {status === 402 ? (
          <Link href="/dashboard/credits" className="link justify-self-start">
            Add credits
          </Link>
        ) : null}
        {status === 401 ? (
          <Link href="/sign-in?next=/dashboard/playground" className="link justify-self-start">
            Sign in
          </Link>
        ) : null}
      </div>
    </div>
  );
}

function Calls({ calls, onResults }: { calls: ToolCall[]; onResults: Props["onResults"] }) {
  const [results, setResults] = useState<Record<string, string>>({});
  return (
    <form
      className="grid grid-cols-[minmax(0,1fr)] gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        onResults?.(
          calls.map(({ id, name }) => ({ callId: id, name, content: results[id] ?? "" })),
        );
      }}
    >
      {calls.map(({ id, name, args }) => (
        <div key={id} className="min-w-0 rounded-lg border border-line">
          <p className="flex items-center gap-2 border-b border-line px-3 py-2 text-sm">
            <Wrench aria-hidden="true" className="size-4 flex-none stroke-[1.75] text-muted" />
            <span>
              The model calls <code className="font-mono">{name}</code>
            </span>
          </p>
          <div className="grid gap-2 p-3">
            <pre
              // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard
              tabIndex={0}
              className="overflow-x-auto rounded-md bg-quiet px-3 py-2 font-mono text-xs/5"
            >
              {args || "{}"}
            </pre>
            {onResults === undefined ? null : (
              <Textarea
                aria-label={`Result of ${name}`}
                rows={3}
                required
                placeholder="The result, as your function would return it"
                value={results[id] ?? ""}
                onChange={(event) => setResults({ ...results, [id]: event.target.value })}
                className="resize-y font-mono text-xs/5"
              />
            )}
          </div>
        </div>
      ))}
      {onResults === undefined ? null : (
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" size="sm" variant="primary">
            {calls.length === 1 ? "Send result" : "Send results"}
          </Button>
          <span className="text-sm text-muted">
            OneKey runs no tool. The conversation is sent again, so its input is counted again.
          </span>
        </div>
      )}
    </form>
  );
}
