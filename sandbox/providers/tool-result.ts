type Row = { key?: unknown; credits?: unknown; requests?: unknown };

/** A sentence with the figures of what a tool returned. */
export function sayResult(text: string): string {
  const value = parsed(text);
  if (typeof value !== "object" || value === null) return `The tool returned: ${text}`;
  const {
    credits,
    held: heldCredits,
    free_requests: free,
    rows,
    from,
    to,
    page,
    says,
  } = value as Record<string, unknown>;
  if (typeof credits === "string" && typeof heldCredits === "string")
    return `You have ${credits} credits to spend. Requests in flight hold ${heldCredits} credits, and ${String(free)} free requests are left.`;
  if (typeof says === "string" && typeof page === "string")
    return `${says} The page [${page}](${page}) says more.`;
  if (Array.isArray(rows) && typeof from === "string")
    return sayRows(rows as Row[], `${from.slice(0, 10)} to ${String(to).slice(0, 10)}`);
  return `The tool returned: ${text}`;
}

function sayRows(rows: Row[], when: string): string {
  const [first, ...laterRows] = rows;
  if (first === undefined) return `There were no requests from ${when}.`;
  const one = ({ key, credits, requests }: Row) =>
    `${String(key)} with ${String(credits)} credits in ${String(requests)} requests`;
  const shownRows = laterRows.slice(0, 4).map(one);
  return `From ${when}, most was spent by ${one(first)}.${shownRows.length > 0 ? ` Next came ${shownRows.join(", then ")}.` : ""}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
