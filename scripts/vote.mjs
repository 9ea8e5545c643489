// `node scripts/vote.mjs --uri mongodb://127.0.0.1:27117/ --shapes <file> [--rounds 2000] [--seed 1]`
//
// Runs commands of recorded shapes with random values on the embedded server and on another one, and prints where the replies
// differ. The shapes are those that ONEKEY_SANDBOX_RECORD_COMMANDS wrote.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { BSON, MongoClient } from "mongodb";

const { EJSON } = BSON;
const { values: options } = parseArgs({
  options: {
    uri: { type: "string" },
    shapes: { type: "string" },
    rounds: { type: "string", default: "2000" },
    seed: { type: "string", default: "1" },
  },
});
if (!options.uri || !options.shapes) {
  console.error(
    "Usage: node scripts/vote.mjs --uri <mongodb://…> --shapes <file> [--rounds N] [--seed N]",
  );
  process.exit(2);
}
let state = Number(options.seed);
const random = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
const oneOf = (list) => list[Math.floor(random() * list.length)];

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
const FIELDS = { insert: "documents", update: "updates", delete: "deletes" };
const shapes = readFileSync(options.shapes, "utf8")
  .split("\n")
  .filter(Boolean)
  .map((line) => JSON.parse(line))
  .map((shape) => ({ shape, name: COMMANDS.find((name) => typeof shape[name] === "string") }));

/** Pipelines and the documents that they read come more often than their share of the shapes. */
const pipelines = shapes.filter(({ shape }) => shape.pipeline);
const pipelineCollections = new Set(pipelines.map(({ shape }) => shape.aggregate));
const additions = shapes.filter(({ shape }) => pipelineCollections.has(shape.insert));
const choices = [shapes, shapes, pipelines, additions].filter((list) => list.length > 0);

/** Few values, so that filters meet documents. Names that a rule depends on stay as they are. */
const TEXTS = ["a", "b", "c", "usr_1", "usr_2"];
const NUMBERS = [0, 1, 2, 3, 10, 1_000, 5_000_000_000, -1, 0.5];
const DATES = [0, 1, 2, 3].map((day) => new Date(Date.UTC(2100, 0, 1 + day)));

function valueOf(shape, name = "") {
  // A pattern of literal text, as the supported ones are.
  if (shape === "string" && name === "$regex") return `^${oneOf(TEXTS)}`;
  if (shape === "string")
    return name === "unit" ? "day" : name.startsWith("$") ? "$cost" : oneOf(TEXTS);
  if (shape === "number") return NUMBER_NAMES.has(name) ? 1 : oneOf(NUMBERS);
  if (shape === "date") return oneOf(DATES);
  if (shape === "boolean") return random() < 0.5;
  if (Array.isArray(shape) && name === "arrayFilters") return shape.map((item) => valueOf(item));
  if (Array.isArray(shape))
    return shape.flatMap((item) =>
      Array.from({ length: 1 + Math.floor(random() * 2) }, () => valueOf(item)),
    );
  if (typeof shape !== "object" || shape === null) return shape;
  return Object.fromEntries(
    Object.entries(shape).map(([key, item]) => [
      key.replaceAll(".N", `.${Math.floor(random() * 3)}`).replaceAll("YYYY-MM", "2100-01"),
      valueOf(item, key),
    ]),
  );
}
const NUMBER_NAMES = new Set(["limit", "skip", "batchSize", "$limit", "$skip", "$slice"]);

/** Sorts, projections and expressions keep the values that their names need. */
function commandOf({ shape, name }) {
  const field = FIELDS[name];
  const command = { [name]: shape[name] };
  for (const [key, item] of Object.entries(shape)) {
    if (key === name) continue;
    if (key === "sort" || key === "projection" || key === "fields")
      command[key] = constantsOf(item, 1);
    else if (key === field) command[key] = [statementOf(item, name)];
    else if (key === "pipeline") command.pipeline = pipelineOf(item);
    else command[key] = valueOf(item, key);
  }
  if (name === "find" && !command.sort) command.sort = { _id: 1 };
  if (name === "aggregate") command.cursor = {};
  return command;
}

/** Sorts get `_id` last, so that equal documents have one order. */
const pipelineOf = (stages) =>
  stages.map((stage) => {
    if (stage.$match) return { $match: valueOf(stage.$match) };
    if (stage.$sort) return { $sort: { ...stage.$sort, _id: stage.$sort._id ?? 1 } };
    return expressionOf(stage);
  });

/** A shape keeps an expression; only its constants are chosen here. */
function expressionOf(shape, name = "") {
  if (shape === "number") return NUMBER_NAMES.has(name) ? 2 : oneOf(NUMBERS);
  if (shape === "string") return oneOf(TEXTS);
  if (shape === "date") return oneOf(DATES);
  if (Array.isArray(shape)) return shape.map((item) => expressionOf(item));
  if (typeof shape !== "object" || shape === null) return shape;
  return Object.fromEntries(
    Object.entries(shape).map(([key, item]) => [key, expressionOf(item, key)]),
  );
}

const constantsOf = (shape, value) =>
  Object.fromEntries(Object.keys(shape).map((key) => [key, value]));
const statementOf = (shape, name) => {
  const statement = valueOf(shape);
  if (name === "delete") statement.limit = 1;
  return statement;
};

const folder = fileURLToPath(new URL(".", import.meta.url));
const dir = mkdtempSync(path.join(tmpdir(), "onekey-vote-"));
const bundle = path.join(folder, "../node_modules/.cache/onekey-vote.mjs");
await build({
  entryPoints: [path.join(folder, "../packages/embedded-mongo/index.ts")],
  outfile: bundle,
  bundle: true,
  platform: "node",
  format: "esm",
  external: ["bson", "lmdb"],
  logLevel: "error",
});
const { startEmbedded } = await import(pathToFileURL(bundle).href);
const server = await startEmbedded({ dir, sync: "interval" });
const settings = { retryWrites: false, retryReads: false, ignoreUndefined: true };
const [ownReply, otherReply] = [
  new MongoClient(server.uri, settings),
  new MongoClient(options.uri, settings),
];
const database = `vote_${Date.now()}`;
const databases = [ownReply.db(database), otherReply.db(database)];
const counts = {
  same: 0,
  ofThemWithMatches: 0,
  ofThemPipelines: 0,
  bothRejected: 0,
  unsupported: 0,
  different: 0,
};
const differences = new Map();

const run = async (db, command) => {
  try {
    const { ok, n, nModified, value, cursor, values, upserted, writeErrors } =
      await db.command(command);
    const codes = (writeErrors ?? []).map(({ index, code }) => [index, code]);
    return {
      ok,
      n,
      nModified,
      value,
      documents: cursor && inOrder(command, cursor.firstBatch),
      values,
      upserted: upserted?.map(({ _id }) => _id),
      codes,
    };
  } catch (error) {
    return { code: error.code ?? String(error) };
  }
};
/** Groups come in any order unless a stage sorts them. */
const inOrder = ({ pipeline }, documents) =>
  !pipeline || pipeline.some(({ $sort }) => $sort)
    ? documents
    : documents.toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
/** Fields of a document may be in any order after an update. */
const textOf = (value) =>
  EJSON.stringify(value, (_, item) =>
    item && typeof item === "object" && !Array.isArray(item) && !(item instanceof Date)
      ? Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );

try {
  for (let round = 0; round < Number(options.rounds); round++) {
    const command = commandOf(oneOf(oneOf(choices)));
    const [mine, theirs] = await Promise.all(databases.map((db) => run(db, command)));
    const isUnsupported = mine.code === 238 || mine.codes?.some(([, code]) => code === 238);
    if (isUnsupported) counts.unsupported++;
    else if (mine.code !== undefined && theirs.code !== undefined) counts.bothRejected++;
    else if (textOf(mine) === textOf(theirs)) {
      counts.same++;
      if (mine.n > 0 || mine.value || mine.documents?.length > 0) counts.ofThemWithMatches++;
      if (command.pipeline && mine.documents?.length > 0) counts.ofThemPipelines++;
    } else {
      counts.different++;
      const kind = `${Object.keys(command)[0]} ${textOf(mine).slice(0, 60)} | ${textOf(theirs).slice(0, 60)}`;
      if (!differences.has(kind)) differences.set(kind, { command, mine, theirs });
      // From here on the two hold different documents: begin again.
      const name = command[COMMANDS.find((candidate) => candidate in command)];
      await Promise.all(databases.map((db) => db.collection(name).deleteMany({})));
    }
  }
} finally {
  await otherReply
    .db(database)
    .dropDatabase()
    .catch(() => undefined);
  await Promise.all([ownReply.close(), otherReply.close()]);
  await server.close();
  rmSync(dir, { recursive: true, force: true });
}
for (const difference of differences.values()) console.log(EJSON.stringify(difference));
console.log(JSON.stringify(counts));
