"use client";

import { ChartBarBig } from "lucide-react";
import { lazy, Suspense } from "react";
import { Notice } from "@/components/ui/notice";
import { Amount } from "@/components/ui/amount";
import { ReadingBars } from "./reading-bars";
import type { ToolUse, ConversationTurn } from "./use-conversation";

/** Loaded with the first response, not with the page. */
const Markdown = lazy(() => import("./markdown"));

export function TurnView({ turn }: { turn: ConversationTurn }) {
  if (turn.from === "you")
    return (
      <div className="max-w-[85%] justify-self-end rounded-lg bg-hover px-3.5 py-[9px] whitespace-pre-wrap wrap-anywhere">
        {turn.text}
      </div>
    );
  return (
    <div
      className="grid grid-cols-[minmax(0,1fr)] gap-3"
      aria-live="polite"
      aria-busy={turn.state === "running"}
    >
      {turn.parts.map((part, index) =>
        typeof part === "string" ? (
          <div key={index} className="grid grid-cols-[minmax(0,1fr)] gap-3 wrap-anywhere">
            <Suspense fallback={<p className="whitespace-pre-wrap">{part}</p>}>
              <Markdown>{part}</Markdown>
            </Suspense>
          </div>
        ) : (
          <ToolCard key={index} tool={part} />
        ),
      )}
      {turn.state === "running" ? (
        <span className="inline-block h-[15px] w-[7px] rounded-[1px] bg-accent motion-safe:animate-pulse">
          <span className="sr-only">Answering</span>
        </span>
      ) : null}
      {turn.state === "stopped" ? <p className="text-xs text-muted">Stopped.</p> : null}
      {turn.error === undefined ? null : (
        <Notice tone="danger" live>
          {turn.error}
        </Notice>
      )}
      {turn.cost === undefined ? null : (
        <p className="text-xs text-muted">
          This answer cost OneKey <Amount nano={turn.cost} as="request" />, and you nothing
        </p>
      )}
    </div>
  );
}

/** What a tool read for the response: its bars, or a line. */
function ToolCard({ tool }: { tool: ToolUse }) {
  return (
    <figure className="min-w-0 rounded-lg border border-line">
      <figcaption className="flex items-center gap-2 px-3 py-2 text-sm text-muted">
        <ChartBarBig aria-hidden="true" className="size-4 flex-none stroke-[1.75]" />
        <span className="min-w-0 wrap-anywhere">
          <code className="font-mono text-text">{tool.name}</code> {tool.summary}
        </span>
      </figcaption>
      {tool.reading && tool.reading.rows.length > 0 ? <ReadingBars reading={tool.reading} /> : null}
    </figure>
  );
}
