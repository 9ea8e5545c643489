import { formatShortDay, formatTime } from "@/lib/format";
import { OVERLAPS } from "@/lib/keys/schema";

/** How long the old secret of a rotated key works, as the audit log says it. */
export const OVERLAP_WORDS = {
  none: "until now",
  hour: "for 1 hour",
  day: "for 24 hours",
  week: "for 7 days",
};

/** A time in UTC, as "25 Nov, 14:33". */
export const endText = (at: Date): string => `${formatShortDay(at)}, ${formatTime(at).slice(0, 5)}`;

/** Until when an old secret works by each overlap, in UTC. */
export function overlapEnds(now: number) {
  const endOf = (overlap: "hour" | "day" | "week") => endText(new Date(now + OVERLAPS[overlap]));
  return { hour: endOf("hour"), day: endOf("day"), week: endOf("week") };
}
