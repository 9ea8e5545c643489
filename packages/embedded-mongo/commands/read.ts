import { compilePipeline, matching, pipelineOf, runStages } from "../aggregation/pipeline";
import { notImplemented, commandError } from "../command-error";
import { compileFilter } from "../query/compile-filter";
import { valuesAt } from "../query/paths";
import { compileProjection } from "../query/compile-projection";
import { decode } from "../storage/stored-document";
import { candidates, select } from "../query/select-documents";
import { encode } from "../values/encode";
import { isDocument, orderKey, partsOf, type BsonDocument, type BsonValue } from "../values/values";
import type { CommandHandler, InterruptibleHandler } from "./command-handler";
import { checkHint, checkOptions, countOption, documentOption, namespaceOf } from "./options";

export const find: CommandHandler = (command, { store, cursors }) => {
  checkOptions(
    command,
    "find",
    "filter sort projection skip limit batchSize singleBatch hint allowDiskUse noCursorTimeout allowPartialResults".split(
      " ",
    ),
  );
  const namespace = namespaceOf(command, "find");
  const collection = store.collections.get(namespace);
  checkHint(command.hint, collection);
  const fields = documentOption(command.projection, "projection");
  const project = Object.keys(fields).length > 0 ? compileProjection(fields, "find") : null;
  const matches = select(collection, documentOption(command.filter, "filter"), {
    sort: documentOption(command.sort, "sort"),
    skip: countOption(command.skip, "skip") ?? 0,
    limit: countOption(command.limit, "limit") ?? 0,
  });
  const documents = matches.map(({ bytes }) => bytes);
  const document = (i: number) => {
    const bytes = documents[i] as Uint8Array;
    return project ? encode(project(decode(bytes))) : bytes;
  };
  const batchSize = countOption(command.batchSize, "batchSize");
  return {
    batch: cursors.first({
      namespace,
      count: matches.length,
      document,
      batchSize,
      single: command.singleBatch === true,
    }),
  };
};

export const getMore: CommandHandler = (command, { cursors }) => {
  checkOptions(command, "getMore", ["collection", "batchSize"]);
  const namespace = `${String(command.$db)}.${String(command.collection)}`;
  return {
    batch: cursors.next(
      Number(command.getMore),
      namespace,
      countOption(command.batchSize, "batchSize") ?? 0,
    ),
  };
};

export const killCursors: CommandHandler = (command, { cursors }) => {
  const ids: BsonValue[] = Array.isArray(command.cursors) ? command.cursors : [];
  const killedIds = ids.filter((id) => cursors.kill(Number(id)));
  const cursorsNotFound = ids.filter((id) => !killedIds.includes(id));
  return {
    fields: { cursorsKilled: killedIds, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [] },
  };
};

export const count: CommandHandler = (command, { store }) => {
  checkOptions(command, "count", ["query", "limit", "skip", "hint", "fields"]);
  const collection = store.collections.get(namespaceOf(command, "count"));
  checkHint(command.hint, collection);
  const query = documentOption(command.query, "query");
  const limit = Math.abs(Number(command.limit ?? 0));
  const skip = countOption(command.skip, "skip") ?? 0;
  if (collection && Object.keys(query).length === 0 && limit === 0 && skip === 0)
    return { fields: { n: collection.byId.size } };
  return { fields: { n: select(collection, query, { skip, limit }).length } };
};

export const distinct: CommandHandler = (command, { store }) => {
  checkOptions(command, "distinct", ["key", "query", "hint"]);
  const collection = store.collections.get(namespaceOf(command, "distinct"));
  checkHint(command.hint, collection);
  if (typeof command.key !== "string" || command.key === "")
    throw commandError(40414, "BSON field 'distinct.key' is missing but a required field");
  const parts = partsOf(command.key);
  const values = new Map<string, BsonValue>();
  for (const { doc } of select(collection, documentOption(command.query, "query")))
    for (const value of valuesAt(doc, parts)) values.set(orderKey(value), value);
  const entries = [...values.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  return { fields: { values: entries.map(([, value]) => value) } };
};

export const aggregate: InterruptibleHandler = async (command, { store, cursors }) => {
  checkOptions(
    command,
    "aggregate",
    "pipeline cursor hint allowDiskUse bypassDocumentValidation".split(" "),
  );
  if (command.aggregate === 1) throw notImplemented("An aggregation over a database");
  const namespace = namespaceOf(command, "aggregate");
  const collection = store.collections.get(namespace);
  checkHint(command.hint, collection);
  const pipeline = pipelineOf(command);
  const { laterStages, options, filter } = leading(pipeline);
  const test = compileFilter(filter);
  const stages = compilePipeline(pipeline).slice(pipeline.length - laterStages);
  const batchSize = countOption((command.cursor as BsonDocument).batchSize, "batchSize");
  if (stages.length === 0) {
    const bytes = select(collection, filter, options).map((match) => match.bytes);
    const document = (i: number) => bytes[i] as Uint8Array;
    return {
      batch: cursors.first({ namespace, count: bytes.length, document, batchSize, single: false }),
    };
  }
  const matches =
    Object.keys(options).length === 0
      ? matching(candidates(collection, filter), test)
      : select(collection, filter, options).map(({ doc }) => doc);
  const docs = await runStages(stages, matches);
  const document = (i: number) => encode(docs[i] as BsonDocument);
  return {
    batch: cursors.first({ namespace, count: docs.length, document, batchSize, single: false }),
  };
};

/** The first stages that a `find` can do: `$match`, `$sort`, `$skip`, `$limit`, in this order. */
function leading(pipeline: BsonDocument[]): {
  filter: BsonDocument;
  options: { sort?: BsonDocument; skip?: number; limit?: number };
  laterStages: number;
} {
  const options: { sort?: BsonDocument; skip?: number; limit?: number } = {};
  let at = 0;
  const next = (name: string): BsonValue =>
    pipeline[at] && name in (pipeline[at] as BsonDocument)
      ? (pipeline[at++] as BsonDocument)[name]
      : undefined;
  const filter = next("$match");
  const sort = next("$sort");
  if (isDocument(sort)) options.sort = sort;
  const skip = next("$skip");
  if (typeof skip === "number") options.skip = skip;
  const limit = next("$limit");
  if (typeof limit === "number") options.limit = limit;
  return { filter: isDocument(filter) ? filter : {}, options, laterStages: pipeline.length - at };
}
