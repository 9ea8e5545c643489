import { readFile } from "node:fs/promises";
import { z } from "zod";

/** What the client has to see after one request. */
const Expected = z.strictObject({
  status: z.number().int().optional(),
  /** `Retry-After`, from and to, in seconds. */
  retryAfter: z.tuple([z.number(), z.number()]).optional(),
  /** Texts that the response has, and texts that it has not. */
  has: z.array(z.string()).optional(),
  not: z.array(z.string()).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  /** How often a provider was called. */
  calls: z.number().int().optional(),
});

/**
 * Requests of two customers, A and B, in order. A text in a body may hold `{{answer}}`: the provider then answers with `answer`,
 * a directive of the sandbox (`status`, `headers`, `error`). A header `date+N` is a date in N seconds.
 */
const ReplayCase = z.strictObject({
  title: z.string(),
  source: z.string(),
  /** Credentials of every provider, separated by commas. */
  credentials: z.string().default("good-replay"),
  steps: z.array(
    z.strictObject({
      as: z.enum(["A", "B"]),
      path: z.string(),
      body: z.record(z.string(), z.unknown()),
      answer: z.record(z.string(), z.unknown()).optional(),
      times: z.number().int().min(1).default(1),
      expected: Expected,
    }),
  ),
});
export type ReplayCase = z.infer<typeof ReplayCase>;
export type ReplayStep = ReplayCase["steps"][number];

export async function readReplays(file: URL): Promise<ReplayCase[]> {
  return z.array(ReplayCase).parse(JSON.parse(await readFile(file, "utf8")));
}

/** The body of a step, with its directive where `{{answer}}` stands. */
export function bodyOf({ body, answer: response = {} }: ReplayStep): unknown {
  const directive = `[[sandbox: ${JSON.stringify(withDates(response))}]]`;
  return JSON.parse(
    JSON.stringify(body).replaceAll("{{answer}}", () => JSON.stringify(directive).slice(1, -1)),
  );
}

function withDates(response: Record<string, unknown>): Record<string, unknown> {
  const headers = Object.entries((response.headers ?? {}) as Record<string, string>).map(
    ([name, value]) => {
      const seconds = /^date\+(\d+)$/.exec(value)?.[1];
      const date = new Date(Date.now() + Number(seconds) * 1_000);
      return [name, seconds === undefined ? value : date.toUTCString()];
    },
  );
  return { ...response, headers: Object.fromEntries(headers) };
}
