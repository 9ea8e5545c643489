// `node scripts/recorded-filters.mjs <shapes>`: lib/db/recorded-filters.json from what ONEKEY_SANDBOX_RECORD_COMMANDS recorded.
// Record with: ONEKEY_SANDBOX_RECORD_COMMANDS=<shapes> npx vitest run lib/
import { readFileSync, writeFileSync } from "node:fs";

const COMMANDS = [
  "findAndModify",
  "find",
  "count",
  "distinct",
  "aggregate",
  "insert",
  "update",
  "delete",
];
/** Collections of lib/db/transfer.test.ts. */
const ONLY_IN_TESTS = new Set(["rows", "others"]);
const filters = new Map();
for (const line of readFileSync(process.argv[2], "utf8").split("\n").filter(Boolean)) {
  const shape = JSON.parse(line);
  const command = COMMANDS.find((name) => typeof shape[name] === "string");
  const collection = shape[command];
  if (ONLY_IN_TESTS.has(collection)) continue;
  const filter =
    command === "insert"
      ? Object.fromEntries(Object.keys(shape.documents).map((name) => [name, "value"]))
      : (shape.filter ??
        shape.query ??
        shape.updates?.q ??
        shape.deletes?.q ??
        shape.pipeline?.[0]?.$match ??
        {});
  const isUpsert = shape.upsert === true || shape.updates?.upsert === true;
  const entry = { collection, command, filter, ...(isUpsert ? { isUpsert } : {}) };
  filters.set(JSON.stringify(entry), entry);
}
const entries = [...filters].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
writeFileSync(
  new URL("../lib/db/recorded-filters.json", import.meta.url),
  `${JSON.stringify(entries, null, 1)}\n`,
);
console.log(`${entries.length} filters`);
