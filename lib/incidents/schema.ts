import { z } from "zod";

const line = (name: string, max: number) =>
  z
    .string(`Give ${name}.`)
    .trim()
    .min(1, `Give ${name}.`)
    .max(max, `At most ${max} characters, please.`)
    .regex(/^[^\p{Cc}\u2028-\u202e\u2066-\u2069]*$/u, "One line of plain text, please.");

/** How far an incident has come. The last step ends it. */
export const IncidentStep = z.enum(["detected", "identified", "monitoring", "resolved"]);
export type IncidentStep = z.infer<typeof IncidentStep>;

export const IncidentTitle = line("a title", 120);
export const IncidentText = line("a text", 500);
/** What is affected, in words: "all Gemini models", "sign-in". */
export const IncidentScope = line("what is affected", 120);

/** What an operator wrote about a disturbance, for everyone to read. The only text on the status page that is typed. */
export const Incident = z.object({
  _id: z.string(),
  title: IncidentTitle,
  affected: IncidentScope,
  startedAt: z.date(),
  /** Null as long as it lasts. */
  endedAt: z.date().nullable(),
  /** Oldest first. */
  updates: z.array(z.object({ at: z.date(), step: IncidentStep, text: IncidentText })).min(1),
});
export type Incident = z.infer<typeof Incident>;
