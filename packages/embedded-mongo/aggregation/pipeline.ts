import { badValue, CommandError, failedToParse, notImplemented, numbered } from "../command-error";
import { compileExpression } from "./compile-expression";
import { compileFilter } from "../query/compile-filter";
import { compileGroup } from "./compile-group";
import { compileProjection } from "../query/compile-projection";
import { compileSort } from "../query/compile-sort";
import { forEachInTurns } from "./turns";
import { copy, fieldOf, isDocument, type BsonDocument, type BsonValue } from "../values/values";

/**
 * One step of a pipeline, compiled: documents in, documents out; what comes in is never changed in place. What works through
 * many documents lets other commands in meanwhile: it sees its own as they were when the pipeline began.
 */
export type PipelineStage = (docs: BsonDocument[]) => BsonDocument[] | Promise<BsonDocument[]>;

export async function runStages(
  stages: PipelineStage[],
  docs: BsonDocument[],
): Promise<BsonDocument[]> {
  let found = docs;
  for (const stage of stages) found = await stage(found);
  return found;
}

/** Compiles a pipeline. Stages that are not served are refused before anything runs. */
export function compilePipeline(pipeline: BsonValue[], inFacet = false): PipelineStage[] {
  return pipeline.map((spec) => {
    if (!isDocument(spec) || Object.keys(spec).length !== 1)
      throw numbered(
        40323,
        "A pipeline stage specification object must contain exactly one field.",
      );
    const [name = ""] = Object.keys(spec);
    if (inFacet && name === "$facet")
      throw numbered(40600, "$facet is not allowed to be used within a $facet stage");
    const compile = Object.hasOwn(STAGES, name) ? STAGES[name] : undefined;
    if (compile) return compile(spec[name]);
    throw KNOWN.has(name)
      ? notImplemented(`The stage ${name}`)
      : numbered(40324, `Unrecognized pipeline stage name: '${name}'`);
  });
}

const KNOWN = new Set(
  (
    "$lookup $graphLookup $merge $out $bucket $bucketAuto $changeStream $collStats $densify $documents $fill $geoNear " +
    "$indexStats $listSessions $planCacheStats $redact $sample $search $setWindowFields $unionWith $currentOp"
  ).split(" "),
);

function object(name: string, operand: BsonValue): BsonDocument {
  if (!isDocument(operand))
    throw numbered(15959, `the ${name} stage's specification must be an object`);
  return operand;
}

function count(name: string, operand: BsonValue, least: number): number {
  if (typeof operand !== "number" || !Number.isSafeInteger(operand) || operand < least)
    throw numbered(
      5107201,
      `invalid argument to ${name} stage: Expected a number of at least ${least}`,
    );
  return operand;
}

const STAGES: Record<string, (operand: BsonValue) => PipelineStage> = {
  $match: (operand) => {
    const test = compileFilter(object("$match", operand));
    return (docs) => filterInTurns(docs, test);
  },
  $group: (operand) => compileGroup(object("$group", operand)),
  $sort: (operand) => {
    const sort = compileSort(object("$sort", operand));
    if (!sort) throw numbered(15976, "$sort stage must have at least one sort key");
    return (docs) => sort(docs, (doc) => doc);
  },
  $project: (operand) => {
    const spec = object("$project", operand);
    if (Object.keys(spec).length === 0)
      throw numbered(51272, "projection specification must have at least one field");
    const project = compileProjection(spec, "stage");
    return (docs) => mapInTurns(docs, project);
  },
  $addFields: addFields,
  $set: addFields,
  $unset: (operand) => {
    const names: BsonValue[] = Array.isArray(operand) ? operand : [operand];
    if (names.length === 0 || names.some((name) => typeof name !== "string"))
      throw numbered(31002, "$unset specification must be a string or an array of strings");
    const project = compileProjection(
      Object.fromEntries(names.map((name) => [name as string, 0])),
      "stage",
    );
    return (docs) => mapInTurns(docs, project);
  },
  $limit: (operand) => {
    const most = count("$limit", operand, 1);
    return (docs) => docs.slice(0, most);
  },
  $skip: (operand) => {
    const skip = count("$skip", operand, 0);
    return (docs) => docs.slice(skip);
  },
  $count: (operand) => {
    if (
      typeof operand !== "string" ||
      operand === "" ||
      operand.startsWith("$") ||
      operand.includes(".")
    )
      throw numbered(40156, "the count field must be a non-empty string without $ or .");
    return (docs) => (docs.length === 0 ? [] : [{ [operand]: docs.length }]);
  },
  $sortByCount: (operand) => {
    const stages = compilePipeline([
      { $group: { _id: operand, count: { $sum: 1 } } },
      { $sort: { count: -1 } },
    ]);
    return (docs) => runStages(stages, docs);
  },
  $unwind: unwind,
  $replaceRoot: (operand) => replaceRoot(object("$replaceRoot", operand).newRoot),
  $replaceWith: replaceRoot,
  $facet: (operand) => {
    const facets = Object.entries(object("$facet", operand)).map(([name, inner]) => {
      if (!Array.isArray(inner))
        throw numbered(40170, `arguments to $facet must be arrays, ${name} is not`);
      return { name, stages: compilePipeline(inner, true) };
    });
    if (facets.length === 0)
      throw numbered(40169, "the $facet specification must be a non-empty object");
    return async (docs) => {
      const made: BsonDocument = {};
      for (const { name, stages } of facets) made[name] = await runStages(stages, docs);
      return [made];
    };
  },
};

export async function filterInTurns(
  docs: BsonDocument[],
  test: (doc: BsonDocument) => boolean,
): Promise<BsonDocument[]> {
  const found: BsonDocument[] = [];
  await forEachInTurns(docs, (doc) => void (test(doc) && found.push(doc)));
  return found;
}

async function mapInTurns(
  docs: BsonDocument[],
  change: (doc: BsonDocument) => BsonDocument,
): Promise<BsonDocument[]> {
  const made: BsonDocument[] = [];
  await forEachInTurns(docs, (doc) => void made.push(change(doc)));
  return made;
}

function addFields(operand: BsonValue): PipelineStage {
  const spec = object("$addFields", operand);
  const fields = Object.entries(spec).map(([name, value]) => {
    if (name.includes(".") || name.startsWith("$"))
      throw notImplemented("$addFields with a dotted path");
    const nested = isDocument(value) && !Object.keys(value).some((key) => key.startsWith("$"));
    if (nested) throw notImplemented("$addFields into a document");
    return { name, value: compileExpression(value) };
  });
  return (docs) =>
    mapInTurns(docs, (doc) => {
      const made = { ...doc };
      for (const { name, value } of fields) {
        const result = value({ root: doc });
        if (result === undefined) delete made[name];
        else made[name] = result;
      }
      return made;
    });
}

function replaceRoot(operand: BsonValue): PipelineStage {
  const root = compileExpression(operand);
  return (docs) =>
    mapInTurns(docs, (doc) => {
      const made = root({ root: doc });
      if (!isDocument(made))
        throw numbered(40228, "'newRoot' expression must evaluate to an object");
      return made;
    });
}

function unwind(operand: BsonValue): PipelineStage {
  const spec = typeof operand === "string" ? { path: operand } : object("$unwind", operand);
  const { path, preserveNullAndEmptyArrays = false, ...others } = spec as BsonDocument;
  const [odd] = Object.keys(others);
  if (odd === "includeArrayIndex") throw notImplemented("$unwind with includeArrayIndex");
  if (odd !== undefined) throw numbered(28811, `unrecognized option to $unwind stage: ${odd}`);
  if (typeof path !== "string" || !path.startsWith("$"))
    throw numbered(28818, "path option to $unwind stage should be prefixed with a '$'");
  const name = path.slice(1);
  if (name.includes(".")) throw notImplemented("$unwind of a dotted path");
  return (docs) =>
    docs.flatMap((doc) => {
      const value = fieldOf(doc, name);
      if (Array.isArray(value) && value.length > 0)
        return value.map((each: BsonValue) => ({ ...doc, [name]: each }));
      if (value !== undefined && value !== null && !Array.isArray(value)) return [doc];
      if (!preserveNullAndEmptyArrays) return [];
      const { [name]: gone, ...rest } = doc;
      return [gone === null ? doc : rest];
    });
}

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
