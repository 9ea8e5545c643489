import { z } from "zod";
import { hiddenAuditTypes } from "@/lib/auth/hidden-audit-types";
import type { AuditCursor, AuditFilter } from "@/lib/audit-log/queries";
import { AuditType } from "@/lib/audit-log/schema";
import type { Role } from "@/lib/teams/schema";

const queryText = z.preprocess(
  (value) => (Array.isArray(value) ? value[0] : value),
  z.string().max(80).optional().catch(undefined),
);
const day = queryText.transform((text) => {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text ?? "") ? new Date(`${text}T00:00:00Z`) : undefined;
  return at === undefined || Number.isNaN(at.getTime()) ? undefined : at;
});

/** The nouns of the types, which the page's filter offers. */
export const SUBJECTS = [...new Set(AuditType.options.map((type) => type.split(".")[0] ?? ""))];

/** The entry that a page begins after, in either direction: its time and its id. */
const cursor = queryText.transform((text): AuditCursor | undefined => {
  const match = /^(\d{1,15})\.(aud_\w{1,40})$/.exec(text ?? "");
  return match ? { at: new Date(Number(match[1])), _id: match[2] ?? "" } : undefined;
});

/** The state of the page, which is entirely in the URL. Invalid values count as missing. */
export const AuditSearch = z.object({
  who: queryText.transform((text) => (/^\w{1,40}$/.test(text ?? "") ? text : undefined)),
  what: queryText.transform((text) => (SUBJECTS.includes(text ?? "") ? text : undefined)),
  from: day,
  to: day,
  /** What "Find an entry" looks for. */
  q: queryText.transform((text) => text?.trim() || undefined),
  before: cursor,
  after: cursor,
});
export type AuditSearch = z.infer<typeof AuditSearch>;

/** The entries that a state asks for and a role may see; `to` is included. */
export const filterOf = (
  { accountId, role }: { accountId: string; role: Role },
  { who: actor, what: action, from, to, q: text }: AuditSearch,
): AuditFilter => ({
  accountId,
  actor: actor,
  type: action,
  from,
  text,
  hiddenTypes: hiddenAuditTypes(role),
  to: to && new Date(to.getTime() + 86_400_000),
});

/** The URL of a state, at its first page, or at the one before or after an entry; of a file, with its format. */
export function addressOf(
  search: AuditSearch,
  path: string,
  cursor: { before?: AuditCursor; after?: AuditCursor; format?: "csv" | "json" } = {},
): string {
  const query = new URLSearchParams();
  for (const name of ["q", "who", "what"] as const) if (search[name]) query.set(name, search[name]);
  for (const name of ["from", "to"] as const)
    if (search[name]) query.set(name, search[name].toISOString().slice(0, 10));
  for (const name of ["before", "after"] as const) {
    const entry = cursor[name];
    if (entry) query.set(name, `${entry.at.getTime()}.${entry._id}`);
  }
  if (cursor.format) query.set("format", cursor.format);
  return query.size === 0 ? path : `${path}?${query}`;
}
