"use client";

import { accountEndpoint } from "@/components/ui/account-endpoint";
import { useRef, useState } from "react";
import type { AssistantEvent } from "@/lib/assistant/schema";

export type ToolUse = Extract<AssistantEvent, { type: "tool" }>;
export type ConversationTurn =
  | { from: "you"; text: string }
  | {
      from: "assistant";
      parts: (string | ToolUse)[];
      state: "running" | "done" | "stopped" | "failed";
      cost?: number;
      error?: string;
    };

const textOf = (turn: ConversationTurn): string =>
  turn.from === "you"
    ? turn.text
    : turn.parts.filter((part) => typeof part === "string").join("\n\n");

/** The conversation of this page. It exists only in memory, so leaving the page ends it. */
export function useConversation() {
  const [turns, setTurns] = useState<ConversationTurn[]>([]);
  const running = useRef<AbortController | null>(null);

  const change = (
    update: (turn: Extract<ConversationTurn, { from: "assistant" }>) => ConversationTurn,
  ) =>
    setTurns((all) => {
      const last = all.at(-1);
      return last?.from === "assistant" ? [...all.slice(0, -1), update(last)] : all;
    });

  const take = (event: AssistantEvent) =>
    change((turn) => {
      switch (event.type) {
        case "text": {
          const last = turn.parts.at(-1);
          const parts =
            typeof last === "string"
              ? [...turn.parts.slice(0, -1), last + event.text]
              : [...turn.parts, event.text];
          return { ...turn, parts };
        }
        case "tool":
          return { ...turn, parts: [...turn.parts, event] };
        case "done":
          return { ...turn, state: "done", cost: event.cost };
        case "error":
          return { ...turn, state: "failed", error: event.message };
      }
    });

  const ask = async (text: string) => {
    const nextTurns: ConversationTurn[] = [...turns, { from: "you", text }];
    setTurns([...nextTurns, { from: "assistant", parts: [], state: "running" }]);
    const abort = new AbortController();
    running.current = abort;
    try {
      const conversation = nextTurns
        .map((turn) => ({ from: turn.from, text: textOf(turn) }))
        .filter((turn) => turn.text !== "")
        .slice(-39);
      const response = await fetch(accountEndpoint("/api/assistant"), {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ turns: conversation }),
        signal: abort.signal,
      });
      if (!response.ok || !response.body) {
        const problem = (await response.json().catch(() => null)) as { message?: string } | null;
        return take({
          type: "error",
          message: problem?.message ?? "No response was received. Ask again in a moment.",
        });
      }
      await eachLine(response.body, (line) => take(JSON.parse(line) as AssistantEvent));
      change((turn) =>
        turn.state === "running"
          ? { ...turn, state: "failed", error: "The response was interrupted. Ask again." }
          : turn,
      );
    } catch {
      if (abort.signal.aborted) change((turn) => ({ ...turn, state: "stopped" }));
      else
        take({
          type: "error",
          message: "This page could not reach OneKey. Check the connection and ask again.",
        });
    } finally {
      running.current = null;
    }
  };

  const stop = () => running.current?.abort();
  const startOver = () => {
    stop();
    setTurns([]);
  };
  return {
    turns,
    ask,
    stop,
    startOver,
    isRunning: turns.some((turn) => turn.from === "assistant" && turn.state === "running"),
  };
}

async function eachLine(
  body: ReadableStream<Uint8Array>,
  take: (line: string) => void,
): Promise<void> {
  const [reader, decoder] = [body.getReader(), new TextDecoder()];
  let remainder = "";
  for (;;) {
    const { done: isDone, value } = await reader.read();
    if (isDone) return;
    const lines = (remainder + decoder.decode(value, { stream: true })).split("\n");
    remainder = lines.pop() ?? "";
    for (const line of lines) if (line !== "") take(line);
  }
}
