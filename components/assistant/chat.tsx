"use client";

import { RotateCcw, Square } from "lucide-react";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { PageHeader } from "@/components/dashboard/page-header";
import { Button } from "@/components/ui/button";
import { KeyCap } from "@/components/ui/key-cap";
import { TurnView } from "./turns";
import { useConversation } from "./use-conversation";

const SUGGESTED = [
  "What is my balance?",
  "What did I spend in the last 7 days, by model?",
  "Which project spends the most?",
  "How do I use Claude Code with OneKey?",
];

const LENGTH_MAX = 20_000;

/** A conversation about the account. Enter sends, Shift and Enter breaks the line, Esc stops. */
export function Chat() {
  const { turns, ask, stop, startOver, isRunning } = useConversation();
  const [draft, setDraft] = useState("");
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Braces, because newer browsers return a promise, which is not an effect cleanup.
    void end.current?.scrollIntoView({ block: "nearest" });
  }, [turns]);

  const send = (text: string) => {
    const question = text.trim();
    if (question === "" || isRunning) return;
    setDraft("");
    void ask(question);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === "Escape") stop();
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send(draft);
  };

  return (
    <div className="grid min-h-[calc(100dvh-180px)] grid-cols-[minmax(0,1fr)] grid-rows-[auto_1fr_auto] gap-6">
      <PageHeader
        title="Assistant"
        line="Claude, a model by Anthropic, can read your account and cannot change it. The conversation is not stored."
        action={
          <Button
            variant="ghost"
            aria-label="Start over"
            onClick={startOver}
            disabled={turns.length === 0}
          >
            <RotateCcw aria-hidden="true" />
            <span className="max-md:hidden">Start over</span>
          </Button>
        }
      />
      <div
        role="log"
        aria-label="Conversation"
        className="mx-auto grid w-full max-w-180 content-start gap-6"
      >
        {turns.length === 0 ? (
          <div className="grid justify-items-start gap-2">
            <p className="text-muted">
              Ask about your balance, usage, projects or prices, or start with one of these.
            </p>
            {SUGGESTED.map((question) => (
              <Button
                key={question}
                onClick={() => send(question)}
                className="h-auto py-2 text-left whitespace-normal"
              >
                {question}
              </Button>
            ))}
          </div>
        ) : (
          turns.map((turn, index) => <TurnView key={index} turn={turn} />)
        )}
        <div ref={end} />
      </div>
      <form
        className="sticky bottom-0 mx-auto w-full max-w-180 bg-bg pb-3"
        onSubmit={(event) => {
          event.preventDefault();
          send(draft);
        }}
      >
        <div className="rounded-lg border border-line-control focus-within:border-accent">
          <label htmlFor="question" className="sr-only">
            Ask about your account
          </label>
          <textarea
            id="question"
            rows={2}
            value={draft}
            maxLength={LENGTH_MAX}
            placeholder="Ask about your balance, usage or prices"
            onChange={(event) => setDraft(event.target.value)}
            onKeyDown={onKeyDown}
            className="block w-full resize-none bg-transparent px-3.5 pt-3 outline-none placeholder:text-muted"
          />
          <div className="flex items-center justify-between gap-2 px-3.5 pb-2.5 text-xs text-muted">
            <span className="max-md:hidden">
              <KeyCap>Enter</KeyCap> sends, <KeyCap>Shift</KeyCap> <KeyCap>Enter</KeyCap> breaks the
              line, <KeyCap>Esc</KeyCap> stops
            </span>
            <span className="md:hidden">Not stored</span>
            {isRunning ? (
              <Button size="sm" onClick={stop}>
                <Square aria-hidden="true" fill="currentColor" />
                Stop
              </Button>
            ) : (
              <Button size="sm" type="submit" disabled={draft.trim() === ""}>
                Ask
              </Button>
            )}
          </div>
        </div>
      </form>
    </div>
  );
}
