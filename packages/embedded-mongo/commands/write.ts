import { ObjectId } from "bson";
import { CommandError, failedToParse } from "../command-error";
import { select } from "../query/select-documents";
import {
  collectionOf,
  insertDocument,
  removeDocument,
  updateDocument,
  type StoredCollection,
  type DocumentStore,
} from "../storage/document-store";
import { compileUpdate, isOperatorUpdate } from "../update/compile-update";
import { upsertBase } from "../update/upsert-base";
import type { StoredDocument } from "../storage/stored-document";
import { isDocument, type BsonDocument, type BsonValue } from "../values/values";
import type { CommandHandler } from "./command-handler";
import {
  checkHint,
  checkOptions,
  checkStatement,
  documentOption,
  listOption,
  namespaceOf,
} from "./options";

const COMMON = ["ordered", "bypassDocumentValidation"];

/** Runs each write of a batch. Errors are listed by index, and an ordered batch stops at the first. */
function runBatch(
  writes: BsonDocument[],
  orderedOption: BsonValue,
  run: (write: BsonDocument, i: number) => void,
): BsonDocument {
  const writeErrors: BsonDocument[] = [];
  for (const [i, write] of writes.entries()) {
    try {
      run(write, i);
    } catch (error) {
      if (!(error instanceof CommandError) || error.code === 14031) throw error;
      writeErrors.push({ index: i, code: error.code, errmsg: error.message, ...error.extra });
      if (orderedOption !== false) break;
    }
  }
  return writeErrors.length > 0 ? { writeErrors } : {};
}

export const insert: CommandHandler = (command, { store, sequences }) => {
  checkOptions(command, "insert", ["documents", ...COMMON]);
  const collection = collectionOf(store, namespaceOf(command, "insert"));
  const sequence = sequences.get("documents");
  let n = 0;
  const errors = runBatch(
    listOption(command.documents, "insert.documents"),
    command.ordered,
    (doc, i) => {
      const bytes = sequence?.[i];
      // A document with its _id first is stored as it was sent.
      if (bytes && isIdFirst(doc))
        insertDocument(store, collection, checkedId(doc), Buffer.from(bytes));
      else insertDocument(store, collection, checkedId(idFirst(doc)));
      n++;
    },
  );
  return { fields: { n, ...errors } };
};

function isIdFirst(doc: BsonDocument): boolean {
  for (const name in doc) return name === "_id";
  return false;
}

function idFirst(doc: BsonDocument): BsonDocument {
  if (doc._id !== undefined && isIdFirst(doc)) return doc;
  const { _id = new ObjectId(), ...fields } = doc;
  return { _id: _id as BsonValue, ...fields };
}

export function checkedId(doc: BsonDocument): BsonDocument {
  const id: BsonValue = doc._id;
  if (Array.isArray(id) || id instanceof RegExp || id === undefined)
    throw new CommandError(
      53,
      "InvalidIdField",
      `The '_id' value cannot be of type ${Array.isArray(id) ? "array" : "regex"}`,
    );
  if (isDocument(id) && isOperatorUpdate(id))
    throw new CommandError(
      52,
      "DollarPrefixedFieldName",
      "_id fields may not contain '$'-prefixed fields",
    );
  return doc;
}

/** Inserts the document that an upsert makes of its filter and its update. */
export function upsert(input: {
  store: DocumentStore;
  namespace: string;
  filter: BsonDocument;
  update: BsonValue;
  arrayFilters: BsonValue;
}): BsonDocument {
  const { store, namespace, filter, update, arrayFilters } = input;
  const apply = compileUpdate({ update, arrayFilters, filter });
  const base = upsertBase(filter, isDocument(update) && !isOperatorUpdate(update));
  const doc = checkedId(idFirst(apply(base, true)));
  insertDocument(store, collectionOf(store, namespace), doc);
  return doc;
}

export const update: CommandHandler = (command, { store }) => {
  checkOptions(command, "update", ["updates", ...COMMON]);
  const namespace = namespaceOf(command, "update");
  const upserts: BsonDocument[] = [];
  let [n, nModified] = [0, 0];
  const errors = runBatch(
    listOption(command.updates, "update.updates"),
    command.ordered,
    (statement, i) => {
      checkStatement(statement, "update.updates", [
        "q",
        "u",
        "multi",
        "upsert",
        "arrayFilters",
        "hint",
      ]);
      const collection = store.collections.get(namespace);
      checkHint(statement.hint, collection);
      const filter = documentOption(statement.q, "update.updates.q");
      const [change, multi] = [statement.u as BsonValue, statement.multi === true];
      if (multi && isDocument(change) && !isOperatorUpdate(change))
        throw failedToParse("multi update is not supported for replacement-style update");
      const apply = compileUpdate({
        update: change,
        arrayFilters: statement.arrayFilters as BsonValue,
        filter,
      });
      const matches = select(collection, filter, multi ? {} : { limit: 1 });
      // A statement that fails half way counts nothing, although its earlier documents stay changed.
      const modifiedCount = matches.filter((match) =>
        applyTo(store, collection, match, apply),
      ).length;
      nModified += modifiedCount;
      n += matches.length;
      if (matches.length > 0 || statement.upsert !== true) return;
      const insertion = upsert({
        store,
        namespace,
        filter,
        update: change,
        arrayFilters: statement.arrayFilters as BsonValue,
      });
      upserts.push({ index: i, _id: insertion._id as BsonValue });
      n++;
    },
  );
  return {
    fields: { n, nModified, ...(upserts.length > 0 ? { upserted: upserts } : {}), ...errors },
  };
};

/** Applies an update to one document. Returns true when that changed it. */
export function applyTo(
  store: DocumentStore,
  collection: StoredCollection | undefined,
  record: StoredDocument,
  apply: ReturnType<typeof compileUpdate>,
): boolean {
  const before = record.doc;
  const doc = apply(before);
  if (doc === before || !collection) return false;
  updateDocument({ store, collection, record, before, doc });
  return true;
}

export const remove: CommandHandler = (command, { store }) => {
  checkOptions(command, "delete", ["deletes", ...COMMON]);
  const collection = store.collections.get(namespaceOf(command, "delete"));
  let n = 0;
  const errors = runBatch(
    listOption(command.deletes, "delete.deletes"),
    command.ordered,
    (statement) => {
      checkStatement(statement, "delete.deletes", ["q", "limit", "hint"]);
      checkHint(statement.hint, collection);
      if (statement.limit !== 0 && statement.limit !== 1)
        throw failedToParse(
          "The limit field in delete objects must be 0 or 1. Got " + String(statement.limit),
        );
      for (const record of select(collection, documentOption(statement.q, "delete.deletes.q"), {
        limit: statement.limit,
      })) {
        if (collection) removeDocument(store, collection, record);
        n++;
      }
    },
  );
  return { fields: { n, ...errors } };
};
