import { limitUses } from "@/lib/accounts/open-caps";
import {
  ACCOUNT_SCOPE,
  heldOfWindow,
  isTeam,
  type Account,
  type CapWindow,
  type Limits,
} from "@/lib/accounts/schema";
import { listKeys, type KeyState } from "@/lib/keys/queries";

/** A limit with what is charged and what is held of it in its present window. */
export interface LimitShare {
  window: CapWindow;
  limit: number;
  chargedCredits: number;
  heldCredits: number;
}

/** The limits of the account, of a project, or of a key that works. */
export interface LimitRow {
  id: string;
  kind: "account" | "project" | "key";
  name: string;
  /** A second line below the name. */
  note: string | null;
  /** Where the limits are edited. */
  href: string;
  limits: Limits;
  shares: LimitShare[];
  /** Whether it is the last key of its project. */
  isLast: boolean;
}

/** The account, then each project with its keys, in the order of the projects page. */
export async function limitRows(account: Account, now: number): Promise<LimitRow[]> {
  const keys = (await listKeys({ account, now })).filter(({ live }) => live.length > 0);
  const sharesOf = async (scope: Parameters<typeof limitUses>[0]["scope"]) => {
    const uses = await limitUses({ account, scope, now });
    return uses.map(({ window, limit, used: usage }): LimitShare => {
      const heldCredits = heldOfWindow({ holds: account.holds, scope: scope.scope, window, now });
      return {
        window,
        limit,
        chargedCredits: Math.max(0, usage - heldCredits),
        heldCredits: Math.min(usage, heldCredits),
      };
    });
  };
  const rowOf = async (
    row: Pick<LimitRow, "id" | "kind" | "name" | "note" | "href" | "limits" | "isLast">,
  ): Promise<LimitRow> => ({
    ...row,
    shares: await sharesOf({ scope: row.id, kind: row.kind, name: row.name, limits: row.limits }),
  });
  const keyRow = ({ key, live }: KeyState, isLast: boolean) =>
    rowOf({
      id: key._id,
      kind: "key",
      name: key.name,
      note: live.length > 1 ? `${live.length} secrets in overlap` : null,
      href: `/dashboard/projects/${key.projectId}/keys/${key._id}`,
      limits: key.limits ?? {},
      isLast,
    });
  const rows = await Promise.all(
    account.projects.map(async ({ id, name, limits }) => {
      const projectKeys = keys.filter(({ key }) => key.projectId === id);
      const href = `/dashboard/projects/${id}/limits`;
      return [
        await rowOf({ id, kind: "project", name, note: null, href, limits, isLast: false }),
        ...(await Promise.all(
          projectKeys.map((state, i) => keyRow(state, i === projectKeys.length - 1)),
        )),
      ];
    }),
  );
  const accountRow = await rowOf({
    id: ACCOUNT_SCOPE,
    kind: "account",
    name: isTeam(account) ? account.name : "Account",
    note: isTeam(account) ? "account" : null,
    href: "#account-limits",
    limits: account.limits ?? {},
    isLast: false,
  });
  return [accountRow, ...rows.flat()];
}
