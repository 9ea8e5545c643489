import { CircleAlert, Clock, KeyRound } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import { formatCount } from "@/lib/format";
import type { KeyRow } from "../project";

const DAY_MS = 86_400_000;
const SOON_DAYS = 7;

/** How a key is: an exception as a badge, else "active" in plain text. */
export function KeyStatus({
  row: { key, isLimitReached },
  now,
  exceptionsOnly = false,
}: {
  row: KeyRow;
  now: number;
  exceptionsOnly?: boolean;
}) {
  if (isLimitReached)
    return (
      <Badge tone="danger">
        <CircleAlert aria-hidden="true" />
        limit reached
      </Badge>
    );
  const days = key.expiresAt ? Math.ceil((key.expiresAt.getTime() - now) / DAY_MS) : Infinity;
  if (days <= SOON_DAYS)
    return (
      <Badge tone="warning">
        <Clock aria-hidden="true" />
        {days <= 1 ? "expires today" : `${formatCount(days)} days left`}
      </Badge>
    );
  if (key.lastUsedDay === undefined)
    return (
      <Badge tone="accent">
        <KeyRound aria-hidden="true" />
        not used yet
      </Badge>
    );
  return exceptionsOnly ? null : <span className="text-muted">active</span>;
}
