import { describe, expect, test } from "vitest";
import { csvCell, csvRows, jsonRows } from "./export";
import { NO_TOKENS, type UsageRow } from "./schema";

const row = (id: string, projectId = "prj_1"): UsageRow => ({
  _id: id,
  accountId: "usr_1",
  projectId,
  at: new Date("2026-11-24T14:32:01Z"),
  model: "claude-sonnet-5-5",
  provider: "anthropic",
  channel: "anthropic-1",
  endpoint: "messages",
  stream: true,
  status: 200,
  endedBy: "complete",
  tokens: { ...NO_TOKENS, input: 847, output: 1203 },
  cost: 20_586_000,
  free: false,
  latencyMs: 2400,
  firstByteMs: null,
  usageSource: "provider",
});

const all = async (pieces: AsyncIterable<string>) => {
  let text = "";
  for await (const piece of pieces) text += piece;
  return text;
};

describe("no cell of a CSV is taken for a formula", () => {
  test.each([
    ["=1+1", "'=1+1"],
    ["+1", "'+1"],
    ["-2", "'-2"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["  =1", "'  =1"],
    ["\t=1", "'\t=1"],
    ["＝1", "'＝1"],
    ['=HYPERLINK("https://evil.example","x")', `"'=HYPERLINK(""https://evil.example"",""x"")"`],
    ["a,b", '"a,b"'],
    ["two\nlines", '"two\nlines"'],
    ["support-bot", "support-bot"],
    ["a=b", "a=b"],
    [null, ""],
    [-5, "-5"],
    [false, "false"],
  ])("%j", (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });
});

test("both exports have every row once, with the same figures, however many there are", async () => {
  const rows = Array.from({ length: 450 }, (_, i) =>
    row(`req_${i}`, i % 2 === 0 ? "prj_1" : "prj_2"),
  );
  const projectName = (id: string) => (id === "prj_1" ? '=evil, "quoted"' : "evals");
  const list = JSON.parse(await all(jsonRows({ rows, projectName }))) as Record<string, unknown>[];
  expect(list.map(({ id }) => id)).toEqual(rows.map(({ _id }) => _id));
  expect(list[0]).toMatchObject({
    cost: "0.020586000",
    cost_nano: 20_586_000,
    project_name: '=evil, "quoted"',
  });
  const lines = (await all(csvRows({ rows, projectName }))).split("\r\n");
  expect(lines).toHaveLength(452);
  expect(lines[1]).toBe(
    `req_0,2026-11-24T14:32:01.000Z,usr_1,prj_1,"'=evil, ""quoted""",claude-sonnet-5-5,anthropic,messages,true,200,complete,847,0,0,0,1203,0,0.020586000,20586000,false,2400,,provider,`,
  );
});

test("an export of nothing is complete", async () => {
  expect(await all(jsonRows({ rows: [], projectName: String }))).toBe("[\n]\n");
  expect(await all(csvRows({ rows: [], projectName: String }))).toMatch(
    /^id,at,.*catalog_version\r\n$/,
  );
});
