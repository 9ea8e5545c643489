import { now } from "@/lib/clock";
import { processSingleton } from "@/lib/process-singleton";
import { unknownModels } from "./collection";
import type { UnknownModel } from "./schema";

/** How often one pair is written by one process. */
const REPEAT_MS = 3_600_000;
/** Pairs of one process; a provider that names a new model with each response is not followed. */
const PAIRS_MAX = 200;
/** What an id of a model looks like; anything else that a provider states is not kept. */
const MODEL_ID = /^[\w.:/@-]{1,128}$/;

const writtenPairs = () => processSingleton("unknownModels", () => new Map<string, number>());

/** Keeps that a model unknown to the catalog served a request; at most once an hour for each pair. */
export async function recordUnknownModel(
  pair: Pick<UnknownModel, "provider" | "model" | "servedModel">,
): Promise<void> {
  const { provider, model, servedModel } = pair;
  if (!MODEL_ID.test(servedModel)) return;
  const _id = `${model} ${servedModel}`;
  const pairs = writtenPairs();
  const at = now();
  if ((pairs.get(_id) ?? -Infinity) > at - REPEAT_MS) return;
  if (!pairs.has(_id) && pairs.size >= PAIRS_MAX) return;
  pairs.set(_id, at);
  await unknownModels.updateOne(
    { _id },
    {
      $set: { lastAt: new Date(at) },
      $setOnInsert: { provider, model, servedModel, firstAt: new Date(at), mailedAt: null },
    },
    { upsert: true },
  );
}

/** Takes the pairs that no operator was notified of; each is given to one process. */
export async function takeUnmailed(): Promise<UnknownModel[]> {
  const pairs: UnknownModel[] = [];
  for (const pair of await unknownModels.find({ mailedAt: null }).limit(PAIRS_MAX).toArray()) {
    const { modifiedCount } = await unknownModels.updateOne(
      { _id: pair._id, mailedAt: null },
      { $set: { mailedAt: new Date(now()) } },
    );
    if (modifiedCount === 1) pairs.push(pair);
  }
  return pairs;
}

/** Gives back what could not be mailed. */
export async function returnUnmailed(ids: string[]): Promise<void> {
  await unknownModels.updateMany({ _id: { $in: ids } }, { $set: { mailedAt: null } });
}
