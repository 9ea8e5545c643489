import { CommandError, notImplemented } from "../command-error";
import { compileFilter } from "../query/compile-filter";
import type { CollectionIndex, IndexSpec } from "../storage/collection-index";
import { encode } from "../values/encode";
import {
  addIndex,
  collectionOf,
  dropCollection,
  dropIndex,
  type StoredCollection,
  type DocumentStore,
} from "../storage/document-store";
import {
  isDocument,
  isSame,
  partsOf,
  arrayIndex,
  type BsonDocument,
  type BsonValue,
} from "../values/values";
import type { CommandContext, CommandHandler } from "./command-handler";
import type { CommandReply } from "../protocol/command-reply";
import {
  checkOptions,
  countOption,
  databaseOf,
  documentOption,
  listOption,
  namespaceOf,
} from "./options";

const SPEC_FIELDS = new Set(
  "name key unique sparse partialFilterExpression expireAfterSeconds v background ns".split(" "),
);
const EXPIRY_MAX = 2_147_483_647;

const cannotCreate = (message: string) => new CommandError(67, "CannotCreateIndex", message);

/** The index that a command describes, checked. */
function specOf(description: BsonDocument): IndexSpec {
  const unknown = Object.keys(description).find((name) => !SPEC_FIELDS.has(name));
  if (unknown !== undefined) throw notImplemented(`The index option ${unknown}`);
  const { name, key, unique, sparse, partialFilterExpression, expireAfterSeconds } =
    description as Record<string, BsonValue>;
  if (!isDocument(key) || Object.keys(key).length === 0)
    throw cannotCreate("Index keys cannot be empty.");
  if (typeof name !== "string" || name === "") throw cannotCreate("An index has a name.");
  for (const [path, direction] of Object.entries(key)) {
    if (direction !== 1 && direction !== -1)
      throw notImplemented(`An index of the kind ${String(direction)}`);
    const parts = partsOf(path);
    if (
      parts.some((part) => part === "" || part.startsWith("$")) ||
      parts.some((part) => arrayIndex(part) >= 0)
    )
      throw notImplemented(`An index on the path ${path}`);
  }
  const spec: IndexSpec = { v: 2, key: key as Record<string, number>, name };
  if (unique === true || unique === 1) spec.unique = true;
  if (sparse === true || sparse === 1) spec.sparse = true;
  if (partialFilterExpression !== undefined) {
    if (!isDocument(partialFilterExpression))
      throw cannotCreate("'partialFilterExpression' is not an object");
    if (spec.sparse)
      throw cannotCreate('cannot mix "partialFilterExpression" and "sparse" options');
    compileFilter(partialFilterExpression);
    spec.partialFilterExpression = partialFilterExpression;
  }
  if (expireAfterSeconds !== undefined) {
    if (
      typeof expireAfterSeconds !== "number" ||
      expireAfterSeconds < 0 ||
      expireAfterSeconds > EXPIRY_MAX
    )
      throw cannotCreate(
        `TTL index 'expireAfterSeconds' option must be within 0 and ${EXPIRY_MAX}`,
      );
    if (Object.keys(key).length > 1 || "_id" in key)
      throw cannotCreate("TTL indexes are single-field indexes, and not on _id");
    spec.expireAfterSeconds = expireAfterSeconds;
  }
  return spec;
}

export const createIndexes: CommandHandler = (command, { store }) => {
  checkOptions(command, "createIndexes", ["indexes", "commitQuorum"]);
  const specs = listOption(command.indexes, "createIndexes.indexes").map(specOf);
  const namespace = namespaceOf(command, "createIndexes");
  const createdCollectionAutomatically = !store.collections.has(namespace);
  const collection = collectionOf(store, namespace);
  const numIndexesBefore = collection.indexes.length;
  const newNames: string[] = [];
  try {
    for (const spec of specs) {
      if (isThere(collection, spec)) continue;
      addIndex(store, collection, spec);
      newNames.push(spec.name);
    }
  } catch (error) {
    for (const name of newNames) dropIndex(store, collection, name);
    throw error;
  }
  return {
    fields: {
      numIndexesBefore,
      numIndexesAfter: collection.indexes.length,
      createdCollectionAutomatically,
    },
  };
};

/** True for an existing index. Throws when one has the same name or key and other options. */
function isThere(collection: StoredCollection, spec: IndexSpec): boolean {
  if (JSON.stringify(spec.key) === '{"_id":1}') {
    if (spec.sparse || spec.partialFilterExpression)
      throw new CommandError(
        197,
        "InvalidIndexSpecificationOption",
        "The field is not valid for an _id index specification.",
      );
    return true;
  }
  const sameKey = (index: CollectionIndex) =>
    JSON.stringify(index.spec.key) === JSON.stringify(spec.key);
  const existing =
    collection.indexes.find((index) => index.spec.name === spec.name) ??
    collection.indexes.find(sameKey);
  if (!existing) return false;
  const options = (index: IndexSpec) => [
    index.unique ?? false,
    index.sparse ?? false,
    index.expireAfterSeconds ?? null,
    index.partialFilterExpression ?? null,
  ];
  if (
    sameKey(existing) &&
    existing.spec.name === spec.name &&
    isSame(options(existing.spec), options(spec))
  )
    return true;
  const [code, name] = sameKey(existing)
    ? [85, "IndexOptionsConflict"]
    : [86, "IndexKeySpecsConflict"];
  throw new CommandError(
    code as number,
    name as string,
    `An existing index has the same name or key as the requested index, with different options: ${spec.name}`,
  );
}

const shownSpec = ({ name, key, v, ...options }: IndexSpec): BsonDocument => ({
  v,
  key,
  name,
  ...(name === "_id_" ? {} : options),
});

const indexReply = (
  docs: BsonDocument[],
  namespace: string,
  command: BsonDocument,
  { cursors }: CommandContext,
): CommandReply => {
  const batchSize = countOption(documentOption(command.cursor, "cursor").batchSize, "batchSize");
  const document = (i: number) => encode(docs[i] as BsonDocument);
  return {
    batch: cursors.first({ namespace, count: docs.length, document, batchSize, single: false }),
  };
};

const missing = (namespace: string) =>
  new CommandError(26, "NamespaceNotFound", `ns does not exist: ${namespace}`);

export const listIndexes: CommandHandler = (command, context) => {
  checkOptions(command, "listIndexes", ["cursor"]);
  const namespace = namespaceOf(command, "listIndexes");
  const collection = context.store.collections.get(namespace);
  if (!collection) throw missing(namespace);
  return indexReply(
    collection.indexes.map(({ spec }) => shownSpec(spec)),
    namespace,
    command,
    context,
  );
};

export const dropIndexes: CommandHandler = (command, { store }) => {
  checkOptions(command, "dropIndexes", ["index"]);
  const namespace = namespaceOf(command, "dropIndexes");
  const collection = store.collections.get(namespace);
  if (!collection) throw missing(namespace);
  const nIndexesWas = collection.indexes.length;
  const names: BsonValue[] = Array.isArray(command.index) ? command.index : [command.index];
  const dropNames = names.flatMap((name) => {
    if (name === "*") return collection.indexes.filter(({ spec }) => spec.name !== "_id_");
    const matches = collection.indexes.filter(({ spec }) =>
      isDocument(name) ? JSON.stringify(spec.key) === JSON.stringify(name) : spec.name === name,
    );
    if (matches.length === 0)
      throw new CommandError(27, "IndexNotFound", `index not matches with name [${String(name)}]`);
    if (matches.some(({ spec }) => spec.name === "_id_"))
      throw new CommandError(72, "InvalidOptions", "cannot drop _id index");
    return matches;
  });
  for (const { spec } of dropNames) dropIndex(store, collection, spec.name);
  return { fields: { nIndexesWas } };
};

export const create: CommandHandler = (command, { store }) => {
  checkOptions(command, "create", ["idIndex"]);
  const namespace = namespaceOf(command, "create");
  if (store.collections.has(namespace))
    throw new CommandError(48, "NamespaceExists", `StoredCollection ${namespace} already exists.`);
  collectionOf(store, namespace);
  return {};
};

export const drop: CommandHandler = (command, { store }) => {
  checkOptions(command, "drop", []);
  const namespace = namespaceOf(command, "drop");
  const collection = store.collections.get(namespace);
  if (!collection) return {};
  const nIndexesWas = collection.indexes.length;
  dropCollection(store, collection);
  return { fields: { nIndexesWas, ns: namespace } };
};

const collectionsOf = (store: DocumentStore, database: string): StoredCollection[] =>
  [...store.collections.values()].filter(({ namespace }) => namespace.startsWith(`${database}.`));

export const dropDatabase: CommandHandler = (command, { store }) => {
  checkOptions(command, "dropDatabase", []);
  const database = databaseOf(command);
  for (const collection of collectionsOf(store, database)) dropCollection(store, collection);
  return { fields: { dropped: database } };
};

export const listCollections: CommandHandler = (command, context) => {
  checkOptions(command, "listCollections", [
    "filter",
    "cursor",
    "nameOnly",
    "authorizedCollections",
  ]);
  const database = databaseOf(command);
  const test = compileFilter(documentOption(command.filter, "filter"));
  const all = collectionsOf(context.store, database).map(({ namespace }): BsonDocument => {
    const name = namespace.slice(database.length + 1);
    if (command.nameOnly === true) return { name, type: "collection" };
    return {
      name,
      type: "collection",
      options: {},
      info: { readOnly: false },
      idIndex: { v: 2, key: { _id: 1 }, name: "_id_" },
    };
  });
  return indexReply(all.filter(test), `${database}.$cmd.listCollections`, command, context);
};

export const listDatabases: CommandHandler = (command, { store }) => {
  checkOptions(command, "listDatabases", ["filter", "nameOnly", "authorizedDatabases"]);
  if (databaseOf(command) !== "admin")
    throw new CommandError(
      13,
      "Unauthorized",
      "listDatabases may only be run against the admin database.",
    );
  const test = compileFilter(documentOption(command.filter, "filter"));
  const sizes = new Map<string, number>();
  for (const { namespace, byId } of store.collections.values()) {
    const name = namespace.slice(0, namespace.indexOf("."));
    let size = sizes.get(name) ?? 0;
    for (const { bytes } of byId.values()) size += bytes.length;
    sizes.set(name, size);
  }
  const databases = [...sizes]
    .map(([name, sizeOnDisk]): BsonDocument => ({ name, sizeOnDisk, empty: sizeOnDisk === 0 }))
    .filter(test);
  if (command.nameOnly === true)
    return { fields: { databases: databases.map(({ name }) => ({ name: name as string })) } };
  return {
    fields: {
      databases,
      totalSize: databases.reduce((total, database) => total + Number(database.sizeOnDisk), 0),
    },
  };
};
