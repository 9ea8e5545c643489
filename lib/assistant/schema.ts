import { z } from "zod";

/** What the page sends: the conversation so far, which exists only in the page. */
export const AssistantConversation = z.object({
  turns: z
    .array(z.object({ from: z.enum(["you", "assistant"]), text: z.string().min(1).max(20_000) }))
    .min(1)
    .max(40)
    .refine((turns) => turns.at(-1)?.from === "you", "The last turn is a question."),
});
export type AssistantConversation = z.infer<typeof AssistantConversation>;

/** What a tool read of the usage, drawn as bars. Costs are nano-credits. */
export type ToolReading = {
  /** What a row is: "Model". */
  heading: string;
  /** "18 to 24 Nov". */
  period: string;
  /** The days before, of the same number; null where they are not compared. */
  periodBefore: string | null;
  rows: { name: string; cost: number; costBefore: number | null }[];
  /** Rows that are left out. */
  hidden: number;
};

/** The events sent to the page, one line of JSON each. */
export type AssistantEvent =
  | { type: "text"; text: string }
  | { type: "tool"; name: string; summary: string; reading?: ToolReading }
  /** Nano-credits that the answer cost the operator. */
  | { type: "done"; cost: number }
  | { type: "error"; message: string };

/** Questions an hour, for each account. */
export const QUESTIONS_AN_HOUR = 30;
/** The body of one question with its conversation. */
export const QUESTION_BYTES_MAX = 64 * 1024;
