import { findProvider } from "@pydantic/genai-prices";
import { describe, expect, it } from "vitest";
import { DISAGREEMENTS } from "./genai-prices.disagreements";
import { listModels, ratesAt } from "./queries";
import type { Model, Rates, TokenRates } from "./schema";

/** Every price of the catalogue is held against pydantic's genai-prices, at the day of its data; where they differ, a table says why. */
const AT = new Date("2026-11-24T12:00:00Z");
const PROVIDERS: Record<string, "openai" | "anthropic" | "google" | "x-ai"> = {
  openai: "openai",
  anthropic: "anthropic",
  google: "google",
  xai: "x-ai",
};
const FIELDS = {
  input: "input_mtok",
  output: "output_mtok",
  cacheRead: "cache_read_mtok",
  cacheWrite5m: "cache_write_mtok",
  cacheWrite1h: "cache_write_1h_mtok",
  inputAudio: "input_audio_mtok",
  inputImage: "input_image_mtok",
  outputImage: "output_image_mtok",
  cacheReadAudio: "cache_audio_read_mtok",
  cacheReadImage: "cache_image_read_mtok",
} as const satisfies Partial<Record<keyof TokenRates, string>>;

type TheirPrice = Record<string, unknown>;

describe("genai-prices", () => {
  const found = disagreements();

  it("knows most of our models", () => {
    const known = listModels().filter((model) => theirsOf(model));
    expect(known.length).toBeGreaterThan(70);
  });

  it("agrees, but for what is listed with its reason", () => {
    expect(found.filter((line) => !Object.hasOwn(DISAGREEMENTS, line))).toEqual([]);
  });

  it("still disagrees where the list says so", () => {
    expect(Object.keys(DISAGREEMENTS).filter((line) => !found.includes(line))).toEqual([]);
  });
});

/** Lines such as "gpt-5 cacheRead: ours 0.125, theirs 0.13". */
function disagreements(): string[] {
  return listModels().flatMap((model) => {
    const [theirs, ours] = [theirsOf(model), ratesAt({ model, at: AT })];
    if (!theirs || !ours) return [];
    return [...tokenLines(model, ours, theirs), ...unitLines(model, ours, theirs)];
  });
}

function tokenLines(model: Model, ours: Rates, theirs: TheirPrice): string[] {
  const lines: string[] = [];
  for (const [field, key] of Object.entries(FIELDS) as [keyof typeof FIELDS, string][]) {
    const stated = theirs[key];
    if (stated === undefined) continue;
    const base = isTiered(stated) ? stated.base : Number(stated);
    compare(lines, `${model.id} ${field}`, usd(ours[field]), base);
    const [tier, theirTier] = [ours.tiers?.[0], isTiered(stated) ? stated.tiers[0] : undefined];
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
    compare(lines, `${model.id} hour`, usd((ours.perSecond ?? 0) * 3_600), theirs.audio_hours);
  return lines;
}

function compare(
  lines: string[],
  what: string,
  ours: number | undefined,
  theirs: number | undefined,
): void {
  if (ours !== theirs) lines.push(`${what}: ours ${ours ?? "none"}, theirs ${theirs ?? "none"}`);
}

const usd = (nano: number | undefined): number | undefined =>
  nano === undefined ? undefined : nano / 1e9;

const isTiered = (
  value: unknown,
): value is { base: number; tiers: { start: number; price: number }[] } =>
  typeof value === "object" && value !== null && "base" in value;

function theirsOf(model: Model): TheirPrice | null {
  const provider = findProvider({ providerId: PROVIDERS[model.provider] ?? model.provider });
  const match = provider?.models.find(({ match: logic }) => matches(logic, model.id));
  if (!match) return null;
  if (!Array.isArray(match.prices)) return match.prices;
  const day = AT.toISOString().slice(0, 10);
  const current = match.prices.findLast(
    ({ constraint }) =>
      !constraint || (constraint.type === "start_date" && constraint.start_date <= day),
  );
  return current?.prices ?? null;
}

type Logic = NonNullable<ReturnType<typeof findProvider>>["models"][number]["match"];

function matches(logic: Logic, id: string): boolean {
  if ("or" in logic) return logic.or.some((each) => matches(each, id));
  if ("and" in logic) return logic.and.every((each) => matches(each, id));
  if ("equals" in logic) return logic.equals === id;
  if ("starts_with" in logic) return id.startsWith(logic.starts_with);
  if ("ends_with" in logic) return id.endsWith(logic.ends_with);
  if ("contains" in logic) return id.includes(logic.contains);
  return new RegExp(logic.regex).test(id);
}
