import { usage } from "./collection";
import { DAY_MS } from "./schema";

/** What we charged for a model's requests of a UTC day, free ones too: the provider asks for those as well. */
export type ModelCost = { model: string; requests: number; estimated: number; cost: number };

export async function listModelCosts({
  provider,
  day,
}: {
  provider: string;
  day: Date;
}): Promise<ModelCost[]> {
  const groups = usage.aggregate<Omit<ModelCost, "model"> & { _id: { model: string } }>([
    { $match: { at: { $gte: day, $lt: new Date(day.getTime() + DAY_MS) }, provider } },
    {
      $group: {
        _id: { model: "$model" },
        requests: { $sum: 1 },
        estimated: { $sum: { $cond: [{ $eq: ["$usageSource", "estimated"] }, 1, 0] } },
        cost: { $sum: "$cost" },
      },
    },
  ]);
  return (await groups.toArray()).map(({ _id, ...costs }) => ({ model: _id.model, ...costs }));
}

/** Of one request: what we charged and what the provider states. */
export type StatedCost = { id: string; model: string; cost: number; stated: number };

/** The requests of a UTC day for which the provider stated a cost. */
export async function* eachStatedCost({
  provider,
  day,
}: {
  provider: string;
  day: Date;
}): AsyncGenerator<StatedCost> {
  const rows = usage.find(
    {
      at: { $gte: day, $lt: new Date(day.getTime() + DAY_MS) },
      provider,
      statedCost: { $exists: true },
    },
    { projection: { model: 1, cost: 1, statedCost: 1 }, batchSize: 1_000 },
  );
  for await (const { _id, model, cost, statedCost = 0 } of rows)
    yield { id: _id, model, cost, stated: statedCost };
}
