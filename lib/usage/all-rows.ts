import { usage } from "./collection";
import type { HealthSample } from "./schema";

/** The rows of all accounts between two moments, in no order. */
export async function* eachSample({
  from,
  to,
}: {
  from: Date;
  to: Date;
}): AsyncGenerator<HealthSample> {
  const rows = usage.find<HealthSample>(
    { at: { $gte: from, $lt: to } },
    {
      projection: {
        _id: 0,
        at: 1,
        provider: 1,
        channel: 1,
        model: 1,
        endedBy: 1,
        status: 1,
        stream: 1,
        firstByteMs: 1,
        latencyMs: 1,
        ownMs: 1,
        tokens: 1,
      },
    },
  );
  for await (const row of rows) yield row;
}

/** When the oldest row arrived, of those that have not expired. */
export async function oldestRowAt(): Promise<Date | null> {
  const row = await usage.findOne({}, { projection: { at: 1 }, sort: { at: 1 } });
  return row?.at ?? null;
}
