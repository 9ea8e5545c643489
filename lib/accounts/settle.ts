import { updateEach, type DocumentUpdate } from "@/lib/db/updates";
import { ACCOUNTS } from "./collection";
import { noteEndedHolds } from "./ended-holds";
import { ACCOUNT_SCOPE, capId, CREDIT_WINDOWS, type Account, type Hold } from "./schema";
import { hadNoCaps } from "./seen-accounts";
import { monthKey, monthOf, startOfWindow } from "./windows";

export type HoldClosing = {
  accountId: string;
  hold: Hold;
  cost: number;
  kept: boolean;
  /** The tokens that the request used, input and output; what the hold took of a minute beyond them is given back. */
  tokens?: number;
};

/**
 * Closes a hold by what its usage row says. The hold is named in the filter, so a repeated settle changes nothing; a project
 * that was deleted meanwhile loses its counters, never the account its settle. `kept` is false when a free request is given
 * back. Returns whether this call closed it.
 */
export async function settleHold(closing: HoldClosing): Promise<boolean> {
  const isClosed = (await updateEach(ACCOUNTS, [closingWrite([closing])])).matched === 1;
  if (isClosed) noteEndedHolds([closing]);
  return isClosed;
}

/**
 * The same for holds that end together: those of one account in one write, which matches while all of them are open. Where
 * that is not so (a settle is repeated), each is closed separately. An `Error` stands in the place of one that failed. For an
 * account that was last seen without caps, the write names none, and matches only if there is none.
 */
export async function settleHolds(closings: HoldClosing[]): Promise<(Error | undefined)[]> {
  const groups = groupsOf(closings);
  if (groups.length < closings.length || groups.some(isWithoutCaps)) {
    const writes = groups.map((group) =>
      isWithoutCaps(group) ? uncappedWrite(group) : closingWrite(group),
    );
    // Whatever is wrong, the writes of one hold each report it.
    const together = await updateEach(ACCOUNTS, writes).catch(() => null);
    if (together?.matched === groups.length) {
      noteEndedHolds(closings);
      return closings.map(() => undefined);
    }
  }
  const { failed: failures } = await updateEach(
    ACCOUNTS,
    closings.map((closing) => closingWrite([closing])),
  );
  noteEndedHolds(closings.filter((_, i) => !failures.has(i)));
  return closings.map((_, i) => failures.get(i));
}

/** By account and month; a hold that comes twice is taken once. */
function groupsOf(closings: HoldClosing[]): HoldClosing[][] {
  const groups = new Map<string, HoldClosing[]>();
  const groupKeys = new Set<string>();
  for (const closing of closings) {
    const { accountId, hold } = closing;
    if (groupKeys.has(hold.id)) continue;
    groupKeys.add(hold.id);
    const groupKey = `${accountId} ${monthOf(hold.at)}`;
    const group = groups.get(groupKey);
    if (group) group.push(closing);
    else groups.set(groupKey, [closing]);
  }
  return [...groups.values()];
}

const isWithoutCaps = (group: HoldClosing[]): boolean =>
  hadNoCaps(group[0]?.accountId ?? "") && group.every(({ hold }) => hold.tokenCaps === undefined);

/** The write of a group whose account has no caps to give anything back to: for one that has, it does not match. */
function uncappedWrite(group: HoldClosing[]): DocumentUpdate<Account> {
  const { filter, ...write } = closingWrite(group, { givesBack: false });
  return { filter: { ...filter, "caps.0": { $exists: false } }, ...write };
}

/** The write that closes all holds of a group, of one account and month, or none. */
function closingWrite(
  group: HoldClosing[],
  { givesBack = true }: { givesBack?: boolean } = {},
): DocumentUpdate<Account> {
  const at = group[0]?.hold.at ?? 0;
  const ids = group.map(({ hold }) => hold.id);
  const inc: Record<string, number> = {};
  const add = (path: string, amount: number) => {
    inc[path] = (inc[path] ?? 0) + amount;
  };
  /** Each project's name in array filters. */
  const names = new Map<string, string>();
  const filters: Record<string, unknown>[] = [];
  const returns = new Map<string, number>();
  const giveBack = (cap: string, amount: number) => {
    if (amount !== 0) returns.set(cap, (returns.get(cap) ?? 0) + amount);
  };
  for (const { hold, cost, kept: counts, tokens = 0 } of group) {
    for (const cap of hold.tokenCaps ?? []) giveBack(cap, (hold.tokens ?? 0) - tokens);
    const back = hold.amount - cost;
    if (hold.free) {
      add("free.credits", back);
      add("free.requests", counts ? 0 : 1);
      continue;
    }
    add("credits", back);
    add("charged", cost);
    if (givesBack)
      for (const cap of creditCapsOf(hold)) giveBack(cap, (hold.limitAmount ?? hold.amount) - cost);
    if (cost === 0) continue;
    const knownName = names.get(hold.projectId);
    const name = knownName ?? `p${names.size}`;
    if (knownName === undefined) {
      names.set(hold.projectId, name);
      filters.push({ [`${name}.id`]: hold.projectId });
    }
    add(`projects.$[${name}].spent.${monthKey(at)}`, cost);
  }
  for (const amount of new Set(returns.values())) {
    const name = `c${filters.length}`;
    const caps = [...returns]
      .filter(([, returnAmount]) => returnAmount === amount)
      .map(([cap]) => cap);
    add(`caps.$[${name}].left`, amount);
    filters.push({ [`${name}.id`]: { $in: caps } });
  }
  const [id] = ids;
  return {
    filter: {
      _id: group[0]?.accountId ?? "",
      "holds.id": id !== undefined && ids.length === 1 ? id : { $all: ids },
    },
    update: { $pull: { holds: { id: { $in: ids } } }, $inc: inc },
    ...(filters.length > 0 ? { arrayFilters: filters } : {}),
  };
}

/** The caps that a hold may have taken of, or that were counted while it was open: those of the windows that it is in. */
const creditCapsOf = ({ projectId, keyId, at }: Hold): string[] =>
  [ACCOUNT_SCOPE, projectId, ...(keyId === undefined ? [] : [keyId])].flatMap((scope) =>
    CREDIT_WINDOWS.map((window) => capId(scope, window, startOfWindow(window, at))),
  );
