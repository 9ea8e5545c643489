import {
  badValue,
  CommandError,
  failedToParse,
  notImplemented,
  commandError,
  typeMismatch,
} from "../command-error";
import type { StoredCollection } from "../storage/document-store";
import { isDocument, type BsonDocument, type BsonValue } from "../values/values";

/** Fields that every command may have; none of them changes a reply. */
const COMMON = new Set(
  "$db $clusterTime $readPreference lsid txnNumber readConcern writeConcern comment maxTimeMS apiVersion apiStrict apiDeprecationErrors".split(
    " ",
  ),
);
/** Options of MongoDB that would change a reply: rejected by name. */
const UNSUPPORTED = new Set(
  (
    "collation let min max returnKey showRecordId tailable awaitData explain sampleRate stmtId stmtIds encryptionInformation " +
    "term oplogReplay rawData querySettings fromMongos needsMerge requestResumeToken resumeAfter capped autoIndexId size storageEngine " +
    "validator validationLevel validationAction indexOptionDefaults viewOn timeseries expireAfterSeconds clusteredIndex"
  ).split(" "),
);

/** Rejects options that are not `allowed`: with MongoDB's error, or as not supported where MongoDB has them. */
export function checkOptions(command: BsonDocument, name: string, names: string[]): void {
  if (command.autocommit !== undefined || command.startTransaction !== undefined)
    throw notImplemented("A transaction");
  for (const option of Object.keys(command)) {
    if (option === name || COMMON.has(option) || names.includes(option)) continue;
    const value: BsonValue = command[option];
    if (UNSUPPORTED.has(option)) {
      if (value === undefined || value === false || value === null) continue;
      throw notImplemented(`The option ${option}`);
    }
    throw commandError(40415, `BSON field '${name}.${option}' is an unknown field.`);
  }
  const { writeConcern, readConcern } = command;
  const w: BsonValue = isDocument(writeConcern) ? writeConcern.w : undefined;
  if (w !== undefined && w !== "majority" && w !== 0 && w !== 1)
    throw new CommandError(100, "UnsatisfiableWriteConcern", "Not enough data-bearing nodes");
  if (
    isDocument(readConcern) &&
    (readConcern.level === "snapshot" || readConcern.afterClusterTime !== undefined)
  )
    throw notImplemented("Reading a snapshot");
}

/** Does the same for a statement of a write command. */
export function checkStatement(statement: BsonDocument, name: string, names: string[]): void {
  for (const [option, value] of Object.entries(statement)) {
    if (names.includes(option) || value === undefined || value === null) continue;
    throw UNSUPPORTED.has(option) || option === "c"
      ? notImplemented(`The option ${option}`)
      : commandError(40415, `BSON field '${name}.${option}' is an unknown field.`);
  }
}

/** Checks that a hint names an index that holds every document. It does not change which documents match. */
export function checkHint(hint: BsonValue, collection: StoredCollection | undefined): void {
  if (hint === undefined || (isDocument(hint) && Object.keys(hint).length === 0)) return;
  const isHint = (key: BsonDocument) => JSON.stringify(key) === JSON.stringify(hint);
  const index = collection?.indexes.find(({ spec }) =>
    typeof hint === "string" ? spec.name === hint : isHint(spec.key),
  );
  if (!collection) return;
  if (!index) throw badValue("hint provided does not correspond to an existing index");
  if (index.spec.sparse || index.partial)
    throw notImplemented("A hint to an index that leaves documents out");
}

export function namespaceOf(command: BsonDocument, name: string): string {
  const collection: BsonValue = command[name];
  if (typeof collection !== "string")
    throw new CommandError(73, "InvalidNamespace", "collection name has invalid type");
  if (
    collection === "" ||
    collection.includes("\u0000") ||
    collection.startsWith("$") ||
    collection.includes("$")
  )
    throw new CommandError(
      73,
      "InvalidNamespace",
      `Invalid namespace specified '${databaseOf(command)}.${collection}'`,
    );
  return `${databaseOf(command)}.${collection}`;
}

export function databaseOf(command: BsonDocument): string {
  const name: BsonValue = command.$db;
  if (typeof name !== "string" || !/^[^/\\. "$*<>:|?]{1,63}$/.test(name) || name.includes("\u0000"))
    throw new CommandError(73, "InvalidNamespace", "Invalid database name");
  return name;
}

export function documentOption(value: BsonValue, name: string): BsonDocument {
  if (value === undefined || value === null) return {};
  if (!isDocument(value))
    throw typeMismatch(`BSON field '${name}' is the wrong type, expected type 'object'`);
  return value;
}

export function listOption(value: BsonValue, name: string): BsonDocument[] {
  if (!Array.isArray(value))
    throw typeMismatch(`BSON field '${name}' is the wrong type, expected type 'array'`);
  if (value.length === 0 || value.length > 100_000)
    throw new CommandError(16, "InvalidLength", "Write batch sizes must be between 1 and 100000.");
  for (const item of value as BsonValue[])
    if (!isDocument(item))
      throw typeMismatch(`BSON field '${name}' holds a value that is no object`);
  return value as BsonDocument[];
}

export function countOption(value: BsonValue, name: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number" || !Number.isInteger(value))
    throw failedToParse(`BSON field '${name}' has to be an integer`);
  if (value < 0) throw badValue(`BSON field '${name}' value must be >= 0, actual value '${value}'`);
  return value;
}
