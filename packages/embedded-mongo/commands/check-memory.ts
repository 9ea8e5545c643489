import { CommandError } from "../command-error";
import { DEFERRABLE_PRESSURE_MAX, INSERT_PRESSURE_MAX } from "../memory-gauge";
import { select } from "../query/select-documents";
import type { DocumentStore } from "../storage/document-store";
import { isDocument, type BsonDocument } from "../values/values";
import type { CommandContext } from "./command-handler";

type MemoryContext = Pick<CommandContext, "pressure" | "store">;

/** The `comment` of a command that a client may leave for later: new work, as opposed to what finishes work in progress. */
export const DEFERRABLE = "deferrable";

/**
 * Throws OutOfDiskSpace, the error of a full store, for a command that adds data when the memory is nearly full. An upsert of an
 * existing document and an existing index add nothing: processes can start, and their heartbeats go on.
 */
export function checkMemory(name: string, command: BsonDocument, context: MemoryContext): void {
  const pressure = context.pressure();
  if (pressure < DEFERRABLE_PRESSURE_MAX) return;
  const isRejected =
    command.comment === DEFERRABLE ||
    (pressure >= INSERT_PRESSURE_MAX && addsDocuments(name, command, context.store));
  if (!isRejected) return;
  const percent = Math.round(pressure * 100);
  throw new CommandError(
    14031,
    "OutOfDiskSpace",
    `The database's memory is ${percent} % full. New data is rejected: give it more memory or move to a MongoDB server.`,
  );
}

function addsDocuments(name: string, command: BsonDocument, store: DocumentStore): boolean {
  const collection = store.collections.get(`${String(command.$db)}.${String(command[name])}`);
  const isMissing = (filter: unknown) =>
    !isDocument(filter) || select(collection, filter, { limit: 1 }).length === 0;
  const statements: unknown[] = Array.isArray(command.updates) ? command.updates : [];
  const specs: unknown[] = Array.isArray(command.indexes) ? command.indexes : [];
  switch (name) {
    case "insert":
      return true;
    case "createIndexes":
      return specs.some(
        (spec) =>
          isDocument(spec) && !collection?.indexes.some((index) => index.spec.name === spec.name),
      );
    case "findAndModify":
    case "findandmodify":
      return command.upsert === true && isMissing(command.query);
    default:
      return statements.some(
        (statement) => isDocument(statement) && statement.upsert === true && isMissing(statement.q),
      );
  }
}
