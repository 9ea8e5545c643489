import {
  badValue,
  CommandError,
  failedToParse,
  notImplemented,
  commandError,
} from "../command-error";
import { compileFilter } from "../query/compile-filter";
import { compileGroup } from "./compile-group";
import { compileProjection } from "../query/compile-projection";
import { compileSort } from "../query/compile-sort";
import { documentOf } from "../storage/stored-document";
import { forEachInTurns } from "./turns";
import { copy, isDocument, type BsonDocument, type BsonValue } from "../values/values";

/** What a stage reads. A null stands for a document that does not match, where a pause may be due. */
export type DocumentSource = Iterable<BsonDocument | null>;
/**
 * One stage of a pipeline, compiled: documents in, documents out. It never changes its input in place. A stage over many
 * documents pauses for other commands; it sees the documents as they were when the pipeline began.
 */
export type PipelineStage = (docs: DocumentSource) => Promise<BsonDocument[]>;

export async function runStages(
  stages: PipelineStage[],
  docs: DocumentSource,
): Promise<BsonDocument[]> {
  const [first, ...laterStages] = stages;
  let current = first ? await first(docs) : await all(docs);
  for (const stage of laterStages) current = await stage(current);
  return current;
}

/** The documents of a snapshot that match, decoded one by one: they may be more than fit in memory as objects. */
export function* matching(
  snapshot: (BsonDocument | Uint8Array)[],
  test: (doc: BsonDocument) => boolean,
): Generator<BsonDocument | null> {
  for (const entry of snapshot) {
    const doc = documentOf(entry);
    yield test(doc) ? doc : null;
  }
}

/** Compiles a pipeline. Unsupported stages are rejected before anything runs. */
export function compilePipeline(pipeline: BsonValue[]): PipelineStage[] {
  return pipeline.map((spec) => {
    if (!isDocument(spec) || Object.keys(spec).length !== 1)
      throw commandError(
        40323,
        "A pipeline stage specification object must contain exactly one field.",
      );
    const [name = ""] = Object.keys(spec);
    const compile = Object.hasOwn(STAGES, name) ? STAGES[name] : undefined;
    if (compile) return compile(spec[name]);
    throw KNOWN.has(name)
      ? notImplemented(`The stage ${name}`)
      : commandError(40324, `Unrecognized pipeline stage name: '${name}'`);
  });
}

const KNOWN = new Set(
  (
    "$addFields $set $unset $sortByCount $unwind $replaceRoot $replaceWith $facet $lookup $graphLookup $merge $out $bucket $bucketAuto $changeStream $collStats $densify $documents $fill $geoNear " +
    "$indexStats $listSessions $planCacheStats $redact $sample $search $setWindowFields $unionWith $currentOp"
  ).split(" "),
);

function object(name: string, operand: BsonValue): BsonDocument {
  if (!isDocument(operand))
    throw commandError(15959, `the ${name} stage's specification must be an object`);
  return operand;
}

function count(name: string, operand: BsonValue, minimum: number): number {
  if (typeof operand !== "number" || !Number.isSafeInteger(operand) || operand < minimum)
    throw commandError(
      5107201,
      `invalid argument to ${name} stage: Expected a number of at least ${minimum}`,
    );
  return operand;
}

/** The stages that are supported. */
export const STAGES: Record<string, (operand: BsonValue) => PipelineStage> = {
  $match: (operand) => {
    const test = compileFilter(object("$match", operand));
    return async (docs) => {
      const matches: BsonDocument[] = [];
      await forEachInTurns(docs, (doc) => void (test(doc) && matches.push(doc)));
      return matches;
    };
  },
  $group: (operand) => compileGroup(object("$group", operand)),
  $sort: (operand) => {
    const sort = compileSort(object("$sort", operand));
    if (!sort) throw commandError(15976, "$sort stage must have at least one sort key");
    return async (docs) => sort(await all(docs), (doc) => doc);
  },
  $project: (operand) => {
    const spec = object("$project", operand);
    if (Object.keys(spec).length === 0)
      throw commandError(51272, "projection specification must have at least one field");
    const project = compileProjection(spec, "stage");
    return (docs) => mapInTurns(docs, project);
  },
  $limit: (operand) => {
    const limit = count("$limit", operand, 1);
    return async (docs) => (await all(docs)).slice(0, limit);
  },
  $skip: (operand) => {
    const skip = count("$skip", operand, 0);
    return async (docs) => (await all(docs)).slice(skip);
  },
  $count: (operand) => {
    if (
      typeof operand !== "string" ||
      operand === "" ||
      operand.startsWith("$") ||
      operand.includes(".")
    )
      throw commandError(40156, "the count field must be a non-empty string without $ or .");
    return async (docs) => {
      let documents = 0;
      await forEachInTurns(docs, () => documents++);
      return documents === 0 ? [] : [{ [operand]: documents }];
    };
  },
};

async function mapInTurns(
  docs: DocumentSource,
  change: (doc: BsonDocument) => BsonDocument,
): Promise<BsonDocument[]> {
  const results: BsonDocument[] = [];
  await forEachInTurns(docs, (doc) => void results.push(change(doc)));
  return results;
}

const all = (docs: DocumentSource): Promise<BsonDocument[]> => mapInTurns(docs, (doc) => doc);

/** The pipeline of a command, checked: an array of stages. */
export function pipelineOf(command: BsonDocument): BsonDocument[] {
  if (!Array.isArray(command.pipeline))
    throw new CommandError(14, "TypeMismatch", "'pipeline' option must be specified as an array");
  if (command.explain) throw notImplemented("explain");
  if (!isDocument(command.cursor))
    throw failedToParse(
      "The 'cursor' option is required, except for aggregate with the explain argument",
    );
  if (command.pipeline.length > 1_000)
    throw badValue("Pipeline length must be no longer than 1000 stages");
  return copy(command.pipeline) as BsonDocument[];
}
