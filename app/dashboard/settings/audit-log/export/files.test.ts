import { expect, test } from "vitest";
import type { AuditEntry } from "@/lib/audit-log/schema";
import { csvOf, jsonOf } from "./files";

const entry: AuditEntry = {
  _id: "aud_1",
  accountId: "acc_1",
  at: new Date(Date.UTC(2026, 10, 24, 14, 33, 8)),
  actor: { kind: "person", id: "usr_1", name: '=HYPERLINK("https://x")', role: "owner" },
  type: "key.changed",
  target: { id: "key_1", name: 'prod, "blue"\nline', projectId: "prj_1" },
  changes: [
    { name: "Models", before: null, after: "a, b" },
    { name: "Expires", before: "2026-12-01", after: null },
  ],
  address: "203.0.113.7",
  client: "+curl/8",
  done: true,
};

async function textOf(
  write: (entries: AsyncIterable<AuditEntry>) => AsyncGenerator<string>,
  entries: AuditEntry[],
): Promise<string> {
  async function* source() {
    yield* entries;
  }
  let text = "";
  for await (const piece of write(source())) text += piece;
  return text;
}

test("a CSV has one line of names, and no cell that a spreadsheet runs or that breaks a line", async () => {
  const [head, ...lines] = (await textOf(csvOf, [entry])).split("\r\n");
  expect(head?.split(",")).toHaveLength(14);
  expect(lines).toEqual([
    `aud_1,2026-11-24T14:33:08.000Z,person,usr_1,"'=HYPERLINK(""https://x"")",owner,key.changed,key_1,"prod, ""blue""\nline",prj_1,"Models: none -> a, b; Expires: 2026-12-01 -> none",203.0.113.7,'+curl/8,true`,
    "",
  ]);
  expect((await textOf(csvOf, [])).split("\r\n")).toHaveLength(2);
});

test("a JSON export is one array without the account, also of one, several and no entries", async () => {
  const { _id: id, accountId: _owner, ...fields } = entry;
  const view = { id, ...fields, at: entry.at.toISOString() };
  for (const count of [0, 1, 3]) {
    const entries = Array.from({ length: count }, () => entry);
    expect(JSON.parse(await textOf(jsonOf, entries))).toEqual(Array(count).fill(view));
  }
});
