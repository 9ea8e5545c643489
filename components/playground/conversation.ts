import type { PlaygroundRow } from "@/lib/playground/schema";

/** A file of a message. `data` is a data URL, or the text of a text file. */
export interface Attachment {
  id: string;
  name: string;
  kind: "image" | "pdf" | "audio" | "text";
  mime: string;
  bytes: number;
  data: string;
}

export interface ToolCall {
  /** Its place in the answer, by which the parts of a stream belong together. */
  index: number;
  id: string;
  name: string;
  /** JSON, as far as it has come. */
  args: string;
  /** What the provider wants back with the call, such as a signature. */
  extra?: unknown;
}

/** Reasoning that the provider wants back with the calls of its response. */
export interface ReasoningBlock {
  /** Its place in the response, by which the parts of a stream belong together. */
  index: number;
  text: string;
  signature: string;
  /** In the place of both, where the provider shows neither. */
  data?: string;
}

export interface UserMessage {
  kind: "message";
  text: string;
  attachments: Attachment[];
}

/** What the person entered for the calls of one column's answer. */
export interface ToolResults {
  kind: "results";
  column: string;
  results: { callId: string; name: string; content: string }[];
}

export interface RequestProblem {
  status: number;
  message: string;
  /** Seconds. */
  retryAfter?: number;
}

/** A model's answer, as it comes. Times are milliseconds from sending. */
export interface Answer {
  state: "running" | "done" | "stopped" | "failed";
  text: string;
  reasoning: string;
  thoughts?: ReasoningBlock[];
  calls: ToolCall[];
  /** The model that responds. */
  model?: string;
  problem?: RequestProblem;
  requestId?: string;
  firstTokenMs?: number;
  totalMs?: number;
  row?: PlaygroundRow;
}

export interface Turn {
  id: number;
  input: UserMessage | ToolResults;
  /** By column. */
  answers: Record<string, Answer>;
}

/** A model of the comparison. */
export interface Column {
  id: string;
  model: string;
}

export const NEW_ANSWER: Answer = { state: "running", text: "", reasoning: "", calls: [] };

/** What was said in one column, oldest first; an answer that failed is left out with its question. */
export function historyOf(
  turns: Turn[],
  column: string,
): { input: Turn["input"]; answer: Answer }[] {
  return turns.flatMap(({ input, answers }) => {
    const answer = answers[column];
    return answer === undefined || answer.state === "failed" ? [] : [{ input, answer }];
  });
}

/** The calls of a column's last answer that wait for a result. */
export function openCalls(turns: Turn[], column: string): ToolCall[] {
  const last = turns.findLast(({ answers }) => answers[column] !== undefined)?.answers[column];
  return last?.state === "done" ? last.calls : [];
}
