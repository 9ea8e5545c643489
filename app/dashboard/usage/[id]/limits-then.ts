import type { Account } from "@/lib/accounts/schema";
import { fieldsBefore } from "@/lib/audit-log/changes";
import { listChangesSince } from "@/lib/audit-log/queries";
import type { AuditEntry } from "@/lib/audit-log/schema";
import { listKeys } from "@/lib/keys/queries";
import type { UsageRow } from "@/lib/usage/schema";

/** One limit that a request was checked against. */
export interface LimitThen {
  name: string;
  /** "the account", "project support-bot", "key default" */
  owner: string;
  /** What it was set to then, in words. */
  limit: string;
  /** What it is set to now, where that is something else; null for no limit. */
  now?: string | null;
}

type LimitFields = Parameters<typeof fieldsBefore>[0];
type LimitScope = { owner: string; fields: LimitFields; isOwn: (entry: AuditEntry) => boolean };

/**
 * The limits of the account, the project and the key of a request as they were when it was admitted: those of now, without what
 * the audit log says was changed since. A deleted project has none.
 */
export async function limitsThen(account: Account, row: UsageRow): Promise<LimitThen[]> {
  const [changes, keys] = await Promise.all([
    listChangesSince({
      accountId: account._id,
      types: ["limits.changed", "key.changed"],
      since: row.at,
    }),
    listKeys({ account, projectId: row.projectId }),
  ]);
  return scopesOf({ account, row, keys: keys.map(({ key }) => key) }).flatMap((scope) => {
    const fieldsNow = fieldsBefore(scope.fields, []);
    const fieldsAtRequest = fieldsBefore(scope.fields, changes.filter(scope.isOwn));
    return Object.entries(fieldsAtRequest).flatMap(([name, limitThen]): LimitThen[] => {
      if (limitThen === null || !NAMES.has(name)) return [];
      const limitNow = fieldsNow[name] ?? null;
      const entry = { name, owner: scope.owner, limit: textOf(name, limitThen) };
      if (limitNow === limitThen) return [entry];
      return [{ ...entry, now: limitNow === null ? null : textOf(name, limitNow) }];
    });
  });
}

function scopesOf(input: {
  account: Account;
  row: UsageRow;
  keys: Awaited<ReturnType<typeof listKeys>>[number]["key"][];
}): LimitScope[] {
  const { account, row, keys } = input;
  const scopes: LimitScope[] = [
    {
      owner: "the account",
      fields: { ...account.limits },
      isOwn: ({ type, target }) => type === "limits.changed" && target === undefined,
    },
  ];
  const project = account.projects.find(({ id }) => id === row.projectId);
  if (project) {
    const { limits, models, addresses, origins, priceGuard } = project;
    scopes.push({
      owner: `project ${project.name}`,
      fields: { ...limits, models, addresses, origins, priceGuard: priceGuard !== undefined },
      isOwn: ({ type, target }) => type === "limits.changed" && target?.id === project.id,
    });
  }
  const key = keys.find(({ _id }) => _id === row.keyId);
  if (key)
    scopes.push({
      owner: `key ${key.name}`,
      fields: { ...key.limits, models: key.models, addresses: key.addresses },
      isOwn: ({ type, target }) => type === "key.changed" && target?.id === key._id,
    });
  return scopes;
}

const AMOUNTS = new Set([
  "Credits a day",
  "Credits a week",
  "Credits a month",
  "Credits in total",
  "Maximum cost of one request",
]);
/** What limits a request; a key's name and expiry do not. */
const NAMES = new Set([
  ...AMOUNTS,
  "Requests a minute",
  "Tokens a minute",
  "Models",
  "Client addresses",
  "Web pages",
  "Price guard",
]);

/** "$20.00" for an amount, "3 allowed" for a list of models, and the words of the audit log for the rest. */
function textOf(name: string, words: string): string {
  if (AMOUNTS.has(name)) return `$${words.replace(/(\.\d\d\d*?)0+$/, "$1")}`;
  if (name !== "Models") return words;
  const count = words.split(", ").length;
  return `${count} allowed`;
}
