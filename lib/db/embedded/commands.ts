import { ObjectId } from "bson";
import { Aggregator, Query } from "mingo";
import { CommandError, badValue, failedToParse, notImplemented } from "./errors";
import { compileFilter } from "./filters";
import type { IndexSpec } from "./indexes";
import {
  addIndex,
  candidates,
  collectionOf,
  dropCollection,
  dropIndex,
  idIndex,
  putDocument,
  removeDocument,
  type Collection,
  type Stored,
} from "./store";
import { applyUpdate } from "./updates";
import { copy, equal, isDocument, type Doc, type Value } from "./values";

export type Context = {
  stored: Stored;
  openCursor: (namespace: string, docs: Doc[], batchSize: number | undefined) => Doc;
};
type Handler = (command: Doc, context: Context) => Doc;

const list = (value: Value, name: string): Doc[] => {
  if (!Array.isArray(value)) throw failedToParse(`${name} must be an array`);
  return value as Doc[];
};
const document = (value: Value): Doc => {
  if (value === undefined) return {};
  if (!isDocument(value)) throw new CommandError(14, "TypeMismatch", "Expected an object.");
  return value;
};
const namespaceOf = (command: Doc) => {
  const [name = ""] = Object.values(command).slice(0, 1) as Value[];
  if (typeof name !== "string" || name === "" || name.includes("\u0000") || name.length > 200)
    throw new CommandError(73, "InvalidNamespace", "Invalid collection name.");
  return `${String(command.$db)}.${name}`;
};

function refuseOptions(command: Doc): void {
  if (command.collation !== undefined) throw notImplemented("Collation");
  if (command.autocommit === false || command.startTransaction === true) throw notImplemented("A transaction");
}

function select(
  collection: Collection,
  filter: Doc,
  options: { sort?: Doc; limit?: number; skip?: number } = {},
): Doc[] {
  const test = compileFilter(filter);
  const { sort, limit = 0, skip = 0 } = options;
  const ordered = sort !== undefined && Object.keys(sort).length > 0;
  const found: Doc[] = [];
  for (const doc of candidates(collection, filter)) {
    if (!test(doc)) continue;
    found.push(doc);
    if (!ordered && limit > 0 && found.length >= skip + limit) break;
  }
  const sorted = ordered
    ? (new Query({})
        .find<Doc>(found)
        .sort(sort as Record<string, 1 | -1>)
        .all() as Doc[])
    : found;
  return limit > 0 ? sorted.slice(skip, skip + limit) : sorted.slice(skip);
}

function project(docs: Doc[], projection: Doc): Doc[] {
  if (Object.keys(projection).length === 0) return docs;
  for (const value of Object.values(projection)) {
    if (typeof value !== "number" && typeof value !== "boolean") throw notImplemented("A projection by an expression");
  }
  return new Query({}).find<Doc>(docs, projection as Record<string, 1 | 0>).all() as Doc[];
}

const find: Handler = (command, { stored, openCursor }) => {
  const namespace = namespaceOf(command);
  const collection = stored.collections.get(namespace);
  const { limit, skip, batchSize, singleBatch } = command as {
    limit?: number;
    skip?: number;
    batchSize?: number;
    singleBatch?: boolean;
  };
  const filter = document(command.filter);
  compileFilter(filter);
  const docs = collection
    ? select(collection, filter, { sort: document(command.sort), limit: Math.abs(limit ?? 0), skip: skip ?? 0 })
    : [];
  return openCursor(namespace, project(docs, document(command.projection)), singleBatch ? docs.length : batchSize);
};

/** Runs each write of a batch; errors are told by their place, and an ordered batch stops at the first. */
function batch(writes: Doc[], ordered: Value, run: (write: Doc, i: number) => void): Doc {
  const writeErrors: Doc[] = [];
  for (const [i, write] of writes.entries()) {
    try {
      run(write, i);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      writeErrors.push({ index: i, code: error.code, errmsg: error.message, ...error.extra });
      if (ordered !== false) break;
    }
  }
  return writeErrors.length > 0 ? { writeErrors } : {};
}

const insert: Handler = (command, { stored }) => {
  const collection = collectionOf(stored, namespaceOf(command));
  let n = 0;
  const errors = batch(list(command.documents, "documents"), command.ordered, (given) => {
    const doc = given._id === undefined ? { _id: new ObjectId(), ...given } : given;
    if (Array.isArray(doc._id)) throw new CommandError(53, "InvalidIdField", "The '_id' value cannot be of type array");
    putDocument(stored, collection, doc);
    n++;
  });
  return { n, ...errors };
};

function change(
  stored: Stored,
  collection: Collection,
  doc: Doc,
  update: Doc | Doc[],
  arrayFilters: Doc[] | undefined,
): { after: Doc; changed: boolean } {
  const after = applyUpdate({ doc, update, ...(arrayFilters ? { arrayFilters } : {}) });
  const changed = !equal(doc, after);
  if (changed) putDocument(stored, collection, after, doc);
  return { after, changed };
}

/** The document that an upsert inserts: what the filter pins by equality, then the update. */
function upsert(
  stored: Stored,
  collection: Collection,
  filter: Doc,
  update: Doc | Doc[],
  arrayFilters: Doc[] | undefined,
): Doc {
  const base: Doc = {};
  for (const [path, value] of Object.entries(filter)) {
    if (path.startsWith("$") || value instanceof RegExp) continue;
    const operators = isDocument(value) && Object.keys(value).some((name) => name.startsWith("$"));
    if (operators && !("$eq" in (value as Doc))) continue;
    if (path.includes(".")) throw notImplemented("An upsert by a dotted path");
    base[path] = copy(operators ? (value as Doc).$eq : value);
  }
  const replacement = !Array.isArray(update) && !Object.keys(update)[0]?.startsWith("$");
  const start = replacement ? (base._id === undefined ? {} : { _id: base._id }) : base;
  const made = applyUpdate({ doc: start, update, inserting: true, ...(arrayFilters ? { arrayFilters } : {}) });
  const { _id, ...rest } = made;
  const doc = { _id: _id ?? new ObjectId(), ...rest };
  putDocument(stored, collection, doc);
  return doc;
}

const update: Handler = (command, { stored }) => {
  const collection = collectionOf(stored, namespaceOf(command));
  const upserted: Doc[] = [];
  let [n, nModified] = [0, 0];
  const errors = batch(list(command.updates, "updates"), command.ordered, (write, i) => {
    refuseOptions(write);
    const filter = document(write.q);
    const arrayFilters = write.arrayFilters as Doc[] | undefined;
    const found = select(collection, filter, write.multi ? {} : { limit: 1, sort: document(write.sort) });
    for (const doc of found) {
      if (change(stored, collection, doc, write.u as Doc, arrayFilters).changed) nModified++;
      n++;
    }
    if (found.length === 0 && write.upsert) {
      const made = upsert(stored, collection, filter, write.u as Doc, arrayFilters);
      upserted.push({ index: i, _id: made._id });
      n++;
    }
  });
  return { n, nModified, ...(upserted.length > 0 ? { upserted } : {}), ...errors };
};

const remove: Handler = (command, { stored }) => {
  const collection = collectionOf(stored, namespaceOf(command));
  let n = 0;
  const errors = batch(list(command.deletes, "deletes"), command.ordered, (write) => {
    refuseOptions(write);
    for (const doc of select(collection, document(write.q), { limit: Number(write.limit ?? 0) })) {
      removeDocument(stored, collection, doc);
      n++;
    }
  });
  return { n, ...errors };
};

const findAndModify: Handler = (command, { stored }) => {
  const collection = collectionOf(stored, namespaceOf(command));
  const filter = document(command.query);
  const [doc] = select(collection, filter, { limit: 1, sort: document(command.sort) });
  const fields = document(command.fields);
  const shown = (value: Doc | null) => (value === null ? null : (project([value], fields)[0] ?? null));
  if (command.remove) {
    if (doc) removeDocument(stored, collection, doc);
    return { value: shown(doc ?? null), lastErrorObject: { n: doc ? 1 : 0 } };
  }
  const arrayFilters = command.arrayFilters as Doc[] | undefined;
  if (doc) {
    const { after } = change(stored, collection, doc, command.update as Doc, arrayFilters);
    return { value: shown(command.new ? after : doc), lastErrorObject: { n: 1, updatedExisting: true } };
  }
  if (!command.upsert) return { value: null, lastErrorObject: { n: 0, updatedExisting: false } };
  const made = upsert(stored, collection, filter, command.update as Doc, arrayFilters);
  return {
    value: command.new ? shown(made) : null,
    lastErrorObject: { n: 1, updatedExisting: false, upserted: made._id },
  };
};

const STAGES = new Set(["$match", "$group", "$sort", "$limit", "$skip", "$project", "$count"]);
const EXPRESSIONS = new Set([
  "$sum",
  "$avg",
  "$min",
  "$max",
  "$first",
  "$last",
  "$push",
  "$addToSet",
  "$add",
  "$subtract",
  "$multiply",
  "$cond",
  "$ifNull",
  "$eq",
  "$ne",
  "$gt",
  "$gte",
  "$lt",
  "$lte",
  "$and",
  "$or",
  "$not",
  "$concat",
  "$size",
  "$literal",
]);

function checkExpressions(value: Value): void {
  if (Array.isArray(value)) return value.forEach(checkExpressions);
  if (!isDocument(value)) return;
  for (const [name, inner] of Object.entries(value)) {
    if (name.startsWith("$") && !EXPRESSIONS.has(name)) throw notImplemented(`The expression ${name}`);
    checkExpressions(inner);
  }
}

const aggregate: Handler = (command, { stored, openCursor }) => {
  const namespace = namespaceOf(command);
  const pipeline = list(command.pipeline, "pipeline");
  for (const stage of pipeline) {
    const [name = ""] = Object.keys(stage);
    if (Object.keys(stage).length !== 1)
      throw new CommandError(
        40323,
        "Location40323",
        "A pipeline stage specification object must contain exactly one field.",
      );
    if (!STAGES.has(name))
      throw name.startsWith("$")
        ? notImplemented(`The stage ${name}`)
        : new CommandError(40324, "Location40324", `Unrecognized pipeline stage name: '${name}'`);
    if (name === "$match") compileFilter(document(stage.$match));
    else checkExpressions(stage[name]);
  }
  const collection = stored.collections.get(namespace);
  const first = pipeline[0]?.$match as Doc | undefined;
  const docs = collection ? (first ? select(collection, first) : [...collection.docs.values()]) : [];
  const rest = first ? pipeline.slice(1) : pipeline;
  const result = rest.length > 0 ? (new Aggregator(rest).run(docs) as Doc[]) : docs;
  return openCursor(namespace, result, (document(command.cursor) as { batchSize?: number }).batchSize);
};

const createIndexes: Handler = (command, { stored }) => {
  const namespace = namespaceOf(command);
  const known = new Set([
    "name",
    "key",
    "unique",
    "sparse",
    "partialFilterExpression",
    "expireAfterSeconds",
    "v",
    "background",
    "ns",
  ]);
  for (const given of list(command.indexes, "indexes")) {
    const odd = Object.keys(given).find((name) => !known.has(name));
    if (odd) throw notImplemented(`The index option ${odd}`);
    if (Object.values(document(given.key)).some((direction) => direction !== 1 && direction !== -1))
      throw notImplemented("An index of that kind");
    addIndex(stored, namespace, { ...given, v: 2 } as IndexSpec);
  }
  return {};
};

const specs = (collection: Collection | undefined) => [
  idIndex,
  ...(collection?.indexes.map((index) => index.spec) ?? []),
];

export const COMMANDS: Record<string, Handler> = {
  find,
  insert,
  update,
  delete: remove,
  findAndModify,
  findandmodify: findAndModify,
  aggregate,
  createIndexes,
  count: (command, { stored }) => {
    const collection = stored.collections.get(namespaceOf(command));
    return {
      n: collection
        ? select(collection, document(command.query), {
            limit: Number(command.limit ?? 0),
            skip: Number(command.skip ?? 0),
          }).length
        : 0,
    };
  },
  listIndexes: (command, { stored, openCursor }) =>
    openCursor(namespaceOf(command), specs(stored.collections.get(namespaceOf(command))), undefined),
  dropIndexes: (command, { stored }) => {
    const namespace = namespaceOf(command);
    const names =
      command.index === "*"
        ? specs(stored.collections.get(namespace))
            .slice(1)
            .map((spec) => spec.name)
        : [command.index];
    for (const name of names) {
      if (typeof name !== "string" || name === "_id_") throw badValue("Name an index to drop, other than _id_.");
      dropIndex(stored, namespace, name);
    }
    return {};
  },
  create: (command, { stored }) => {
    const namespace = namespaceOf(command);
    if (command.validator !== undefined || command.capped === true || command.timeseries !== undefined)
      throw notImplemented("A collection with a validator, a cap or a time series");
    if (stored.collections.has(namespace))
      throw new CommandError(48, "NamespaceExists", `Collection ${namespace} already exists.`);
    collectionOf(stored, namespace);
    return {};
  },
  drop: (command, { stored }) => {
    dropCollection(stored, namespaceOf(command));
    return {};
  },
  dropDatabase: (command, { stored }) => {
    for (const namespace of [...stored.collections.keys()])
      if (namespace.startsWith(`${String(command.$db)}.`)) dropCollection(stored, namespace);
    return { dropped: command.$db };
  },
  listCollections: (command, { stored, openCursor }) => {
    const prefix = `${String(command.$db)}.`;
    const test = compileFilter(document(command.filter));
    const all = [...stored.collections.keys()]
      .filter((name) => name.startsWith(prefix))
      .map((name) => ({ name: name.slice(prefix.length), type: "collection", options: {}, info: { readOnly: false } }));
    return openCursor(`${prefix}$cmd.listCollections`, all.filter(test), undefined);
  },
};

export { refuseOptions };
