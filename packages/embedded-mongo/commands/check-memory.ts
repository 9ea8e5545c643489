import { CommandError } from "../command-error";
import { DEFERRABLE_PRESSURE_MAX, INSERT_PRESSURE_MAX } from "../memory-gauge";
import { isDocument, type BsonDocument } from "../values/values";

/** The `comment` of a command that a client may leave for later: new work, as opposed to what finishes work in progress. */
export const DEFERRABLE = "deferrable";

/** Throws OutOfDiskSpace, the error of a full store, for a command that adds data when the memory is nearly full. */
export function checkMemory(name: string, command: BsonDocument, pressure: number): void {
  if (pressure < DEFERRABLE_PRESSURE_MAX) return;
  const isRejected =
    command.comment === DEFERRABLE ||
    (pressure >= INSERT_PRESSURE_MAX && addsDocuments(name, command));
  if (!isRejected) return;
  const percent = Math.round(pressure * 100);
  throw new CommandError(
    14031,
    "OutOfDiskSpace",
    `The database's memory is ${percent} % full. New data is rejected: give it more memory or move to a MongoDB server.`,
  );
}

function addsDocuments(name: string, command: BsonDocument): boolean {
  if (name === "insert" || name === "createIndexes") return true;
  if (name === "findAndModify" || name === "findandmodify") return command.upsert === true;
  const statements: unknown = command.updates;
  return (
    Array.isArray(statements) &&
    statements.some((statement) => isDocument(statement) && statement.upsert === true)
  );
}
