import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ACCUMULATORS } from "./aggregation/compile-group";
import { EXPRESSION_OPERATORS } from "./aggregation/expression-operators";
import { compilePipeline, STAGES } from "./aggregation/pipeline";
import { COMMANDS, INTERRUPTIBLE } from "./commands/command-table";
import { compileFilter, LOGICAL_OPERATORS, PATH_OPERATORS } from "./query/compile-filter";
import { VALUE_OPERATORS } from "./query/value-tests";
import { compileUpdate } from "./update/compile-update";
import { UPDATE_OPERATORS } from "./update/update-operators";

const readme = readFileSync(new URL("README.md", import.meta.url), "utf8");

const ALIASES = new Set(["isMaster", "ismaster", "buildinfo", "findandmodify"]);

/** The names in backquotes of one row of the README's table. */
function listed(row: string): string[] {
  const line = readme.split("\n").find((candidate) => candidate.startsWith(`| ${row} |`)) ?? "";
  return [...(line.split("|")[2] ?? "").matchAll(/`([^`]+)`/g)]
    .map(([, name]) => name as string)
    .toSorted();
}

test.each<[string, Iterable<string>]>([
  ["filter operators", [...Object.keys(VALUE_OPERATORS), ...PATH_OPERATORS, ...LOGICAL_OPERATORS]],
  ["update operators", Object.keys(UPDATE_OPERATORS)],
  ["pipeline stages", Object.keys(STAGES)],
  ["accumulators", Object.keys(ACCUMULATORS)],
  ["expressions", [...Object.keys(EXPRESSION_OPERATORS), "$literal"]],
  ["commands", [...COMMANDS.keys(), ...INTERRUPTIBLE.keys()].filter((name) => !ALIASES.has(name))],
])("the README lists the supported %s", (row, names) => {
  expect(listed(row)).toEqual([...names].toSorted());
});

const codeOf = (work: () => unknown): number => {
  try {
    work();
    return 0;
  } catch (error) {
    return (error as { code: number }).code;
  }
};

// The names of MongoDB 7.0's manual that are not supported.
const FILTERS =
  "$bitsAllClear $bitsAllSet $bitsAnyClear $bitsAnySet $geoIntersects $geoWithin $mod $near $nearSphere $type";
const TOP_LEVEL = "$expr $jsonSchema $text $where";
const UPDATES = "$bit $currentDate $mul $pop $pullAll $rename";
const STAGE_NAMES =
  "$addFields $bucket $bucketAuto $changeStream $collStats $currentOp $densify $documents $facet $fill $geoNear $graphLookup " +
  "$indexStats $listSessions $lookup $merge $out $planCacheStats $redact $replaceRoot $replaceWith $sample $search $set " +
  "$setWindowFields $sortByCount $unionWith $unset $unwind";
const EXPRESSIONS =
  "$abs $accumulator $allElementsTrue $anyElementTrue $arrayElemAt $arrayToObject $avg $ceil $cmp $concatArrays $convert " +
  "$dateAdd $dateDiff $dateFromString $dateToParts $dayOfMonth $exp $filter $first $floor $function $getField $hour $indexOfArray " +
  "$isArray $last $let $ln $log $map $mergeObjects $minute $mod $month $objectToArray $pow $range $reduce $regexMatch $replaceAll " +
  "$reverseArray $round $second $setUnion $size $slice $split $sqrt $strLenCP $substrCP $sum $switch $toDate $toInt $toLower " +
  "$toString $trim $trunc $type $week $year $zip";
const namesIn = (names: string) => names.split(" ");

test.each<[string, string[], (name: string) => unknown]>([
  ["filter operators", namesIn(FILTERS), (name) => compileFilter({ a: { [name]: 1 } })],
  ["top-level operators", namesIn(TOP_LEVEL), (name) => compileFilter({ [name]: 1 })],
  ["update operators", namesIn(UPDATES), (name) => compileUpdate({ update: { [name]: { a: 1 } } })],
  ["pipeline stages", namesIn(STAGE_NAMES), (name) => compilePipeline([{ [name]: {} }])],
  [
    "expressions",
    namesIn(EXPRESSIONS),
    (name) => compilePipeline([{ $project: { v: { [name]: 1 } } }]),
  ],
])("every other of MongoDB's %s is rejected with 238", (_, names, compile) => {
  expect(names.filter((name) => codeOf(() => compile(name)) !== 238)).toEqual([]);
});

test("what MongoDB does not know is rejected with its own error", () => {
  expect(codeOf(() => compileFilter({ a: { $bogus: 1 } }))).toBe(2);
  expect(codeOf(() => compileUpdate({ update: { $bogus: { a: 1 } } }))).toBe(9);
  expect(codeOf(() => compilePipeline([{ $bogus: {} }]))).toBe(40324);
});
