import { now } from "@/lib/clock";
import { env } from "@/lib/env";
import { isDuplicate } from "@/lib/errors";
import { digestOf } from "@/lib/ids";
import { clientNetwork } from "./addresses";
import { grantDays } from "./collection";
import { organizationDomain } from "./mailbox";
import type { GrantDay, GrantRefusal } from "./schema";

const DAY_MS = 86_400_000;
const CONFLICTS_MAX = 20;

interface GrantRequest {
  /** The account that would get the free requests; however often it asks, it counts once. */
  accountId: string;
  email: string;
  /** The client's network address; "" when it is not known, which counts as one network. */
  client: string;
}

/**
 * Takes one of the grants of free requests of this UTC day, or returns the limit that is reached. One conditional write on
 * the day's document checks and raises all counters, so the limits hold over every instance.
 */
export async function takeDailyGrant(request: GrantRequest): Promise<GrantRefusal | null> {
  const { freeGrantsMax } = env();
  if (freeGrantsMax.day === 0) return "day";
  const instant = now();
  const day = new Date(instant - (instant % DAY_MS));
  const _id = day.toISOString().slice(0, 10);
  const name = (kind: string, value: string) =>
    digestOf(`grant day ${_id} ${kind} ${value}`, env().keyPepper).slice(0, 22);
  const domain = organizationDomain(request.email);
  const account = name("account", request.accountId);
  const limits = [
    { reason: "day" as const, counter: "total", max: freeGrantsMax.day },
    {
      reason: "network" as const,
      counter: name("network", clientNetwork(request.client)),
      max: freeGrantsMax.network,
    },
    ...(domain === null
      ? []
      : [
          {
            reason: "domain" as const,
            counter: name("domain", domain),
            max: freeGrantsMax.domain,
          },
        ]),
  ];
  const filter = {
    _id,
    [`counts.${account}`]: { $exists: false },
    ...Object.fromEntries(
      limits.map(({ counter, max }) => [`counts.${counter}`, { $not: { $gte: max } }]),
    ),
  };
  const increments = Object.fromEntries(
    [account, ...limits.map(({ counter }) => counter)].map((counter) => [`counts.${counter}`, 1]),
  );
  const refusalIn = (grantDay: GrantDay | null) =>
    limits.find(({ counter, max }) => (grantDay?.counts[counter] ?? 0) >= max)?.reason;
  for (let attempt = 0; attempt < CONFLICTS_MAX; attempt++) {
    const before = await grantDays.findOne({ _id });
    if (before?.counts[account] !== undefined) return null;
    const refusal = refusalIn(before);
    if (refusal !== undefined) return refusal;
    const { matchedCount, upsertedCount } = await grantDays
      .updateOne(
        filter,
        { $inc: increments, $setOnInsert: { expires: new Date(day.getTime() + 2 * DAY_MS) } },
        { upsert: true },
      )
      .catch((error: unknown) => {
        // The day's document is there and does not match: read it again.
        if (isDuplicate(error)) return { matchedCount: 0, upsertedCount: 0 };
        throw error;
      });
    if (matchedCount + upsertedCount === 1) return null;
  }
  return "day";
}
