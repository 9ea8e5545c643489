import { appendFileSync, existsSync, readFileSync } from "node:fs";

type CommandDocument = Record<string, unknown>;

/** One statement of a command with its values replaced by their types, so that equal statements are equal text. */
export type CommandShape = CommandDocument;

const STATEMENT_FIELDS: Record<string, string> = {
  insert: "documents",
  update: "updates",
  delete: "deletes",
};
/** Of the session and the connection, not of the command. */
const IGNORED = new Set(
  "lsid txnNumber $db $clusterTime $readPreference ordered comment maxTimeMS writeConcern readConcern cursor batchSize".split(
    " ",
  ),
);
const RECORDED = new Set(
  "find count distinct aggregate insert update delete findAndModify".split(" "),
);

/** The shapes of a command's statements; none for a command that does not read or write documents. */
export function shapesOf(command: CommandDocument): CommandShape[] {
  const [name = ""] = Object.keys(command);
  if (!RECORDED.has(name)) return [];
  const field = STATEMENT_FIELDS[name] ?? "";
  const statements = (command[field] as unknown[] | undefined) ?? [undefined];
  const fields = Object.fromEntries(
    Object.entries(command).filter(([key]) => !IGNORED.has(key) && key !== field),
  );
  return statements.map((statement) => ({
    ...(shapeOf({ ...fields, ...(field ? { [field]: statement } : {}) }) as CommandShape),
    [name]: command[name],
  }));
}

function shapeOf(value: unknown): unknown {
  if (value === null || value === undefined || typeof value === "boolean") return value;
  if (typeof value !== "object") return typeof value;
  if (value instanceof Date) return "date";
  if (Array.isArray(value)) {
    const shapes = new Map(value.map((item) => [JSON.stringify(shapeOf(item)), shapeOf(item)]));
    return [...shapes.values()];
  }
  if ("_bsontype" in value) return String(value._bsontype);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      fixedName(key),
      key === "pipeline" && Array.isArray(item) ? item.map(stageShapeOf) : shapeOf(item),
    ]),
  );
}

/** A stage that matches documents is a filter; every other is an expression of the code's. */
const stageShapeOf = (stage: unknown): unknown =>
  typeof stage === "object" && stage !== null && "$match" in stage
    ? shapeOf(stage)
    : expressionShapeOf(stage);

/** Keeps what an expression means without its values: paths, units, the places of operands, and the constants -1, 0 and 1. */
function expressionShapeOf(value: unknown, name = ""): unknown {
  if (typeof value === "string" && (value.startsWith("$") || name === "unit")) return value;
  if (typeof value === "number" && Math.abs(value) <= 1 && Number.isInteger(value)) return value;
  if (Array.isArray(value)) return value.map((item) => expressionShapeOf(item));
  if (typeof value !== "object" || value === null || value instanceof Date) return shapeOf(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, expressionShapeOf(item, key)]),
  );
}

/** Names of months, digests and places in an array are values, too. */
const fixedName = (name: string): string =>
  name
    .replaceAll(/\d{4}-\d{2}/g, "YYYY-MM")
    .replaceAll(/(?<=^|\.)(?=[\w-]*(?:[\d-]|[A-Z]{2}))[\w-]{22}(?=\.|$)/g, "DIGEST")
    .replaceAll(/\.\d+(?=\.|$)/g, ".N");

/** Appends every new shape to a file, one a line. Returns what to call with every command. */
export function recordShapes(file: string): (command: CommandDocument) => void {
  const recordedShapes = new Set(existsSync(file) ? readFileSync(file, "utf8").split("\n") : []);
  return (command) => {
    for (const shape of shapesOf(command)) {
      const line = JSON.stringify(shape);
      if (recordedShapes.has(line)) continue;
      recordedShapes.add(line);
      appendFileSync(file, `${line}\n`);
    }
  };
}
