import type { ListedModel } from "./listed";

/** What is wrong in a list of models, and where: the id of the model, then its field. */
export type CatalogProblem = { path: (string | number)[]; message: string };

/** Days before its end from which a model must name what replaces it. */
const NOTICE_DAYS = 30;

/** What no single entry shows: ids taken twice, replacements that are not there or end first, prices out of order. */
export function problemsOf(models: ListedModel[], { today }: { today: string }): CatalogProblem[] {
  const byId = new Map(models.map((model) => [model.id, model]));
  return [
    ...idProblems(models),
    ...models.flatMap((model) =>
      [
        replacementProblem(model, byId, today),
        redirectProblem(model, byId),
        limitProblem(model),
        ...priceProblems(model),
      ].flatMap((problem) => (problem ? [{ ...problem, path: [model.id, ...problem.path] }] : [])),
    ),
  ];
}

/** An alias may name several models, each from another day: the newest of those days counts. */
function idProblems(models: ListedModel[]): CatalogProblem[] {
  const ids = new Set<string>();
  const problems: CatalogProblem[] = [];
  for (const { id } of models) {
    if (ids.has(id)) problems.push({ path: [id, "id"], message: `"${id}" is there twice.` });
    ids.add(id);
  }
  const owners = new Map<string, string>();
  for (const { id, aliases } of models) {
    for (const alias of aliases) {
      const key = `${alias.id} ${alias.from ?? ""}`;
      const owner = ids.has(alias.id) ? "a model" : owners.get(key);
      if (owner !== undefined)
        problems.push({ path: [id, "aliases"], message: `"${alias.id}" already names ${owner}.` });
      owners.set(key, id);
    }
  }
  return problems;
}

type ModelsById = Map<string, ListedModel>;

function replacementProblem(
  model: ListedModel,
  byId: ModelsById,
  today: string,
): CatalogProblem | null {
  const { retires, replacedBy } = model;
  if (replacedBy === undefined) {
    if (retires === undefined || retires > dayAfter(today, NOTICE_DAYS)) return null;
    return {
      path: ["replacedBy"],
      message: `It retires on ${retires}: name the model that replaces it.`,
    };
  }
  const replacement = byId.get(replacedBy);
  if (!replacement || replacedBy === model.id)
    return { path: ["replacedBy"], message: `"${replacedBy}" is no other model of the catalog.` };
  if (outlives(replacement, retires ?? "9999-12-31", byId)) return null;
  return {
    path: ["replacedBy"],
    message: `${replacedBy} itself retires on ${replacement.retires}.`,
  };
}

/** Whether a model, or one that replaces it in turn, is there after a day. */
function outlives(model: ListedModel, day: string, byId: ModelsById): boolean {
  const visitedIds = new Set<string>();
  for (
    let next: ListedModel | undefined = model;
    next && !visitedIds.has(next.id);
    next = byId.get(next.replacedBy ?? "")
  ) {
    if (next.retires === undefined || next.retires > day) return true;
    visitedIds.add(next.id);
  }
  return false;
}

function redirectProblem({ id, servedAs }: ListedModel, byId: ModelsById): CatalogProblem | null {
  if (!servedAs || (servedAs.model !== id && byId.has(servedAs.model))) return null;
  return {
    path: ["servedAs", "model"],
    message: `"${servedAs.model}" is no other model of the catalog.`,
  };
}

function limitProblem({
  context,
  maxInput = 0,
  retires,
  released: releaseDay,
}: ListedModel): CatalogProblem | null {
  if (maxInput > context)
    return {
      path: ["maxInput"],
      message: `${maxInput} is more than the context window of ${context}.`,
    };
  if (retires !== undefined && retires <= releaseDay)
    return { path: ["retires"], message: `${retires} is not after its release on ${releaseDay}.` };
  return null;
}

function priceProblems({ released: releaseDay, prices, free }: ListedModel): CatalogProblem[] {
  const problems: CatalogProblem[] = [];
  if (prices[0] && prices[0].from > releaseDay)
    problems.push({
      path: ["prices", 0, "from"],
      message: `It has no price from its release on ${releaseDay}.`,
    });
  prices.forEach(({ from, rates }, index) => {
    const before = prices[index - 1]?.from;
    if (before !== undefined && before >= from)
      problems.push({
        path: ["prices", index, "from"],
        message: `${from} is not after ${before}.`,
      });
    const unit = Math.max(
      rates.input,
      rates.perImage ?? 0,
      rates.perMinute ?? rates.perHour ?? 0,
      rates.perMillionCharacters ?? 0,
    );
    if (unit === 0 && !free)
      problems.push({
        path: ["prices", index, "rates"],
        message: "It costs nothing, and is not marked free.",
      });
  });
  return problems;
}

export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}
