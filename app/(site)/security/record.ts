import { UsageRow } from "@/lib/usage/schema";

interface RecordField {
  name: string;
  example: string;
}

const fields: Record<Exclude<keyof UsageRow, "tokens">, RecordField> = {
  _id: { name: "Request id", example: "req_8fK2mVq1…" },
  at: { name: "Timestamp", example: "2026-02-17T14:32:01Z" },
  accountId: { name: "User id", example: "usr_a1b2c3…" },
  projectId: { name: "Project id", example: "prj_4Xp0aQ…" },
  keyId: { name: "Key id", example: "key_9sLm2Q…" },
  model: { name: "Model", example: "claude-sonnet-4-6" },
  servedModel: { name: "The model that served it, if another", example: "null" },
  provider: { name: "Provider", example: "anthropic" },
  channel: { name: "Which of our credentials there", example: "anthropic-1" },
  endpoint: { name: "Endpoint", example: "messages" },
  stream: { name: "Stream", example: "true" },
  status: { name: "Status", example: "200" },
  endedBy: { name: "How it ended", example: "complete" },
  cost: { name: "Credit cost", example: "0.020586 = 847 × $3.00 / 1M + 1,203 × $15.00 / 1M" },
  free: { name: "Free request", example: "false" },
  latencyMs: { name: "Latency", example: "2.4 s" },
  firstByteMs: { name: "Time to the first byte", example: "0.4 s" },
  held: { name: "Credits held until it ended", example: "0.186470" },
  ownMs: { name: "Time in OneKey before it was forwarded", example: "5 ms" },
  usageSource: { name: "Who counted the tokens", example: "provider" },
  statedCost: { name: "Cost that the provider states (xAI)", example: "none" },
  catalogVersion: { name: "Version of the price list", example: "2026-11-30" },
};

const tokens: Record<keyof UsageRow["tokens"], RecordField> = {
  input: { name: "Input tokens", example: "847" },
  cacheRead: { name: "Input tokens read from a cache", example: "0" },
  cacheWrite5m: { name: "Input tokens written to the short cache", example: "0" },
  cacheWrite1h: { name: "Input tokens written to the long cache", example: "0" },
  output: { name: "Output tokens", example: "1,203" },
  reasoning: { name: "Of them reasoning", example: "0" },
};

/** Every field of the record of a request, in the schema's order. A field without a description does not compile. */
export function recordFields(): (RecordField & { field: string })[] {
  return UsageRow.keyof().options.flatMap((key) =>
    key === "tokens"
      ? UsageRow.shape.tokens
          .keyof()
          .options.map((kind) => ({ field: `tokens.${kind}`, ...tokens[kind] }))
      : [{ field: key, ...fields[key] }],
  );
}
