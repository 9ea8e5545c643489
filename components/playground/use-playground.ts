"use client";

import { useRef, useState } from "react";
import type { PlaygroundModel } from "@/lib/playground/schema";
import { addEvent } from "./add-event";
import { buildRequest, type PlaygroundRequest } from "./build-body";
import { historyOf, NEW_ANSWER, type Answer, type Column, type Turn } from "./conversation";
import { readStream, type StreamEvent } from "./read-stream";
import { fetchRow, RequestError, sendRequest } from "./send";
import type { PlaygroundSettings } from "./settings";

/** Figures and text of a stream change at most this often. */
const DRAW_MS = 60;

interface SendInput {
  columns: Column[];
  models: Map<string, PlaygroundModel>;
  settings: PlaygroundSettings;
  projectId: string;
  input: Turn["input"];
}

/** The conversations of this page, one for each column. They exist only in memory, so leaving the page ends them. */
export function usePlayground() {
  const [turns, setTurns] = useState<Turn[]>([]);
  /** The request behind each column's last answer. */
  const [lastRequests, setLastRequests] = useState<Record<string, PlaygroundRequest>>({});
  const running = useRef(new Set<AbortController>());
  const nextId = useRef(1);

  const change = (turnId: number, column: string, update: (answer: Answer) => Answer) =>
    setTurns((all) =>
      all.map((turn) => {
        const answer = turn.answers[column];
        return turn.id === turnId && answer
          ? { ...turn, answers: { ...turn.answers, [column]: update(answer) } }
          : turn;
      }),
    );

  const send = async ({ columns, models, settings, projectId, input }: SendInput) => {
    const turnId = nextId.current++;
    const answers = Object.fromEntries(
      columns.map(({ id, model }) => [id, { ...NEW_ANSWER, model }]),
    );
    setTurns([...turns, { id: turnId, input, answers }]);
    await Promise.all(
      columns.map(async ({ id: column, model: modelId }) => {
        const model = models.get(modelId);
        if (!model) return;
        const request = buildRequest({
          model,
          settings,
          history: historyOf(turns, column),
          next: input,
        });
        setLastRequests((all) => ({ ...all, [column]: request }));
        await stream({
          request,
          model,
          projectId,
          running: running.current,
          change: (update) => change(turnId, column, update),
        });
      }),
    );
  };

  const stop = () => {
    for (const abort of running.current) abort.abort();
  };
  const startOver = () => {
    stop();
    setTurns([]);
    setLastRequests({});
  };
  return {
    turns,
    lastRequests,
    send,
    stop,
    startOver,
    isRunning: turns.some(({ answers }) =>
      Object.values(answers).some(({ state }) => state === "running"),
    ),
  };
}

async function stream(input: {
  request: PlaygroundRequest;
  model: PlaygroundModel;
  projectId: string;
  running: Set<AbortController>;
  change: (update: (answer: Answer) => Answer) => void;
}): Promise<void> {
  const { request, model, projectId, running, change } = input;
  const abort = new AbortController();
  running.add(abort);
  const startedAt = performance.now();
  const elapsedMs = () => Math.round(performance.now() - startedAt);
  let requestId: string | undefined;
  const draw = createDrawing(change, elapsedMs);
  try {
    const response = await sendRequest({ request, projectId, signal: abort.signal });
    requestId = response.requestId;
    change((answer) => ({ ...answer, requestId }));
    if (response.response.body)
      await readStream({
        body: response.response.body,
        dialect: model.dialect,
        onEvent: draw.take,
      });
    draw.flush();
    change((answer) => ({
      ...answer,
      state: answer.problem ? "failed" : "done",
      totalMs: elapsedMs(),
    }));
  } catch (error) {
    draw.flush();
    requestId = error instanceof RequestError ? error.requestId : requestId;
    change((answer) => ({
      ...answer,
      ...endOf(error, abort.signal),
      requestId,
      totalMs: elapsedMs(),
    }));
  } finally {
    running.delete(abort);
  }
  const row = requestId === undefined ? null : await fetchRow(requestId).catch(() => null);
  if (row) change((answer) => ({ ...answer, row }));
}

function endOf(error: unknown, signal: AbortSignal): Partial<Answer> {
  if (signal.aborted) return { state: "stopped" };
  const problem =
    error instanceof RequestError
      ? error.problem
      : { status: 0, message: "The response was interrupted. Check the connection and try again." };
  return { state: "failed", problem };
}

/** Collects what a stream says and draws it now and then, so that a quick stream does not keep the page busy. */
function createDrawing(
  change: (update: (answer: Answer) => Answer) => void,
  elapsedMs: () => number,
) {
  let waiting: StreamEvent[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let firstTokenMs: number | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const events = waiting;
    waiting = [];
    if (events.length === 0) return;
    const first = firstTokenMs;
    change((answer) => ({ ...events.reduce(addEvent, answer), firstTokenMs: first }));
  };
  return {
    flush,
    take: (event: StreamEvent) => {
      if (event.type !== "thought" || event.text) firstTokenMs ??= elapsedMs();
      waiting.push(event);
      timer ??= setTimeout(flush, DRAW_MS);
    },
  };
}
