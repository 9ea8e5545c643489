import { expect, test } from "vitest";
import { listAuditEntries, countAuditEntries } from "@/lib/audit-log/queries";
import { ensureIndexes } from "@/lib/audit-log/collection";
import { audited } from "@/lib/audit-log/record";
import type { AuditType } from "@/lib/audit-log/schema";
import { useOwnDatabase } from "@/lib/db/own-database";
import { Role } from "@/lib/teams/schema";
import { AuditSearch, filterOf } from "./search";

useOwnDatabase(ensureIndexes);

const accountId = "acc_1";
const MONEY: AuditType[] = ["credits.purchase_started", "top_up.changed", "ledger.exported"];
const OTHER: AuditType[] = ["key.created", "limits.changed", "account.exported"];
/** Whether a role sees entries about money. */
const TABLE: Record<Role, boolean> = {
  owner: true,
  admin: true,
  developer: false,
  billing: true,
  viewer: false,
};

test("entries about money are listed, counted and found only for roles that may see credits", async () => {
  const actor = { kind: "person", id: "usr_1", name: "Mira" } as const;
  for (const type of [...MONEY, ...OTHER])
    await audited({ accountId, actor, type, address: "", client: "" }, async () => undefined);
  for (const role of Role.options) {
    const types = async (search: object) => {
      const filter = filterOf({ accountId, role }, AuditSearch.parse(search));
      const entries = await listAuditEntries({ ...filter, limit: 100 });
      expect(await countAuditEntries(filter)).toBe(entries.length);
      return entries.map(({ type }) => type).toSorted();
    };
    const visible = TABLE[role] ? [...MONEY, ...OTHER] : OTHER;
    expect(await types({})).toEqual(visible.toSorted());
    expect(await types({ q: "mira" })).toEqual(visible.toSorted());
    expect(await types({ what: "top_up" })).toEqual(TABLE[role] ? ["top_up.changed"] : []);
  }
});

test("invalid values of the address count as missing", () => {
  expect(
    AuditSearch.parse({
      who: "a b",
      what: "nothing",
      from: "2026-13-99",
      to: ["x"],
      q: "   ",
      before: "1.aud_x<",
      after: "NaN.aud_1",
    }),
  ).toEqual({});
  expect(AuditSearch.parse({ q: " key ", after: "12.aud_1" })).toEqual({
    q: "key",
    after: { at: new Date(12), _id: "aud_1" },
  });
});
