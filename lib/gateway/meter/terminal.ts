export type Terminal = "complete" | "incomplete" | "failed";

/** How a response ended, by what the provider says of it. */
export type TerminalReader = {
  /** A status of a response or an interaction. */
  onStatus(value: unknown): void;
  /** A finish or block reason. */
  onFinish(value: unknown): void;
  onError(value: unknown): void;
  /** The type of an event that is over. */
  onEvent(type: string): void;
  /** The response is over in a way that is complete unless something else was said. */
  onEnd(): void;
  get(): Terminal | null;
};

const COMPLETING =
  /^(image_generation|image_edit)\.completed$|^(transcript\.text|speech\.audio)\.done$/;
const TERMINALS: Record<string, Terminal> = {
  completed: "complete",
  requires_action: "complete",
  requires_continuation: "complete",
  incomplete: "incomplete",
  budget_exceeded: "incomplete",
  failed: "failed",
};
const RESPONSE_END = /^response\.(completed|incomplete|failed)$/;

export function createTerminalReader(): TerminalReader {
  let terminal: Terminal | null = null;
  const onStatus = (value: unknown) => {
    terminal = TERMINALS[String(value)] ?? terminal;
  };
  return {
    onStatus,
    onFinish(value) {
      // A number with `enum-encoding=int`, of which 0 is none.
      if (typeof value === "string" || (typeof value === "number" && value > 0))
        terminal = "complete";
    },
    onError(value) {
      if (value !== null) terminal = "failed";
    },
    onEvent(type) {
      if (type === "message_stop") terminal ??= "complete";
      if (COMPLETING.test(type)) terminal = "complete";
      if (type === "error") terminal = "failed";
      onStatus(RESPONSE_END.exec(type)?.[1]);
    },
    onEnd() {
      terminal ??= "complete";
    },
    get: () => terminal,
  };
}
