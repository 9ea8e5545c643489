import { providerRecord } from "@/lib/providers";
import type * as genaiPrices from "@pydantic/genai-prices";
import { ratesAt } from "@/lib/catalog/queries";
import type { Model, Rates, TokenRates } from "@/lib/catalog/schema";

const FIELDS = {
  input: "input_mtok",
  output: "output_mtok",
  cacheRead: "cache_read_mtok",
  cacheWrite5m: "cache_write_mtok",
  cacheWrite1h: "cache_write_1h_mtok",
  inputAudio: "input_audio_mtok",
  outputAudio: "output_audio_mtok",
  inputImage: "input_image_mtok",
  outputImage: "output_image_mtok",
  inputVideo: "input_video_mtok",
  cacheReadAudio: "cache_audio_read_mtok",
  cacheReadImage: "cache_image_read_mtok",
} as const satisfies Partial<Record<keyof TokenRates, string>>;

type GenaiPrices = typeof genaiPrices;
type ListedProvider = NonNullable<ReturnType<GenaiPrices["findProvider"]>>;
type MatchLogic = ListedProvider["models"][number]["match"];
type TheirPrice = Record<string, unknown>;

/** Where our price of a model and genai-prices' differ at an instant: lines such as "gpt-5 cacheRead: ours 0.125, theirs 0.13". */
export async function compareWithGenaiPrices(
  models: Model[],
  at: Date,
): Promise<{ model: Model; line: string }[]> {
  const genai = await import("@pydantic/genai-prices");
  return models.flatMap((model) => {
    const [theirs, ours] = [priceOf(genai, model, at), ratesAt({ model, at })];
    if (!theirs || !ours) return [];
    return [...tokenLines(model, ours, theirs), ...unitLines(model, ours, theirs)].map((line) => ({
      model,
      line,
    }));
  });
}

/** Whether genai-prices has a price of a model. */
export async function isKnownToGenaiPrices(model: Model, at: Date): Promise<boolean> {
  return priceOf(await import("@pydantic/genai-prices"), model, at) !== null;
}

function tokenLines(model: Model, ours: Rates, theirs: TheirPrice): string[] {
  const lines: string[] = [];
  for (const [field, key] of Object.entries(FIELDS) as [keyof typeof FIELDS, string][]) {
    const listedPrice = theirs[key];
    if (listedPrice === undefined) continue;
    const base = isTiered(listedPrice) ? listedPrice.base : Number(listedPrice);
    compare(lines, `${model.id} ${field}`, usd(ours[field]), base);
    const [tier, theirTier] = [
      ours.tiers?.[0],
      isTiered(listedPrice) ? listedPrice.tiers[0] : undefined,
    ];
    if (tier || theirTier) {
      compare(
        lines,
        `${model.id} ${field} of a long request`,
        usd(tier?.[field]),
        theirTier?.price,
      );
      if (tier && theirTier && field === "input")
        compare(lines, `${model.id} long above`, tier.aboveInputTokens, theirTier.start);
    }
  }
  return lines;
}

function unitLines(model: Model, ours: Rates, theirs: TheirPrice): string[] {
  const lines: string[] = [];
  if (typeof theirs.web_searches_kcount === "number")
    compare(
      lines,
      `${model.id} webSearch`,
      usd((ours.perCall?.webSearch ?? 0) * 1_000),
      theirs.web_searches_kcount,
    );
  if (typeof theirs.audio_hours === "number")
    compare(lines, `${model.id} hour`, usd(ours.perHour ?? 0), theirs.audio_hours);
  return lines;
}

function compare(
  lines: string[],
  field: string,
  ours: number | undefined,
  theirs: number | undefined,
): void {
  if (ours !== theirs) lines.push(`${field}: ours ${ours ?? "none"}, theirs ${theirs ?? "none"}`);
}

const usd = (nano: number | undefined): number | undefined =>
  nano === undefined ? undefined : nano / 1e9;

const isTiered = (
  value: unknown,
): value is { base: number; tiers: { start: number; price: number }[] } =>
  typeof value === "object" && value !== null && "base" in value;

function priceOf({ findProvider }: GenaiPrices, model: Model, at: Date): TheirPrice | null {
  const provider = findProvider({
    providerId: providerRecord(model.provider).priceLists.genaiPrices,
  });
  const match = provider?.models.find(({ match: logic }) => matches(logic, model.id));
  if (!match) return null;
  if (!Array.isArray(match.prices)) return match.prices;
  const day = at.toISOString().slice(0, 10);
  const current = match.prices.findLast(
    ({ constraint }) =>
      !constraint || (constraint.type === "start_date" && constraint.start_date <= day),
  );
  return current?.prices ?? null;
}

function matches(logic: MatchLogic, id: string): boolean {
  if ("or" in logic) return logic.or.some((clause) => matches(clause, id));
  if ("and" in logic) return logic.and.every((clause) => matches(clause, id));
  if ("equals" in logic) return logic.equals === id;
  if ("starts_with" in logic) return id.startsWith(logic.starts_with);
  if ("ends_with" in logic) return id.endsWith(logic.ends_with);
  if ("contains" in logic) return id.includes(logic.contains);
  return new RegExp(logic.regex).test(id);
}
