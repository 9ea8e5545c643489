import { z } from "zod";
import { fetchJson } from "@/lib/maintenance/catalog-check/fetch-json";
import type { Provider } from "@/lib/catalog/schema";
import { env } from "@/lib/env";
import { providerSettings } from "@/lib/providers";
import { AppError } from "@/lib/errors";
import { NANO_PER_CREDIT } from "@/lib/money";

/** A line of a provider's report of a day: what it is for, in the provider's words, and nano-credits. */
export type ReportLine = { item: string; model: string | null; cost: number };

const DAY_S = 86_400;
const PAGES_MAX = 50;

/** https://developers.openai.com/api/docs/api-reference/usage/costs: `line_item` is "model, kind of token". */
const OpenAiCosts = z.object({
  data: z.array(
    z.object({
      results: z.array(
        z.object({
          amount: z.object({ value: z.coerce.number() }),
          line_item: z.string().nullish(),
        }),
      ),
    }),
  ),
  has_more: z.boolean().optional(),
  next_page: z.string().nullish(),
});

export async function openAiReport(provider: Provider, day: Date): Promise<ReportLine[]> {
  const { baseUrl } = providerSettings(provider);
  const key = needKey(env().adminKeys.openai, "OPENAI_ADMIN_KEY");
  const start = day.getTime() / 1_000;
  const url = `${baseUrl}/organization/costs?start_time=${start}&end_time=${start + DAY_S}&bucket_width=1d&group_by=line_item&limit=1`;
  const lines: ReportLine[] = [];
  let page = "";
  for (let count = 0; count < PAGES_MAX; count++) {
    const report = OpenAiCosts.parse(
      await readReport(`${url}${page}`, { authorization: `Bearer ${key}` }),
    );
    for (const { amount, line_item: item } of report.data.flatMap(({ results }) => results))
      lines.push({
        item: item ?? "other",
        model: item?.split(",")[0]?.trim() ?? null,
        cost: nanoOf(amount.value),
      });
    if (!report.has_more || !report.next_page) break;
    page = `&page=${encodeURIComponent(report.next_page)}`;
  }
  return lines;
}

/** https://platform.claude.com/docs/en/api/admin/cost_report: `amount` is in cents, as a decimal string. */
const AnthropicCosts = z.object({
  data: z.array(
    z.object({
      results: z.array(
        z.object({
          amount: z.coerce.number(),
          model: z.string().nullish(),
          description: z.string().nullish(),
        }),
      ),
    }),
  ),
  has_more: z.boolean().optional(),
  next_page: z.string().nullish(),
});

export async function anthropicReport(provider: Provider, day: Date): Promise<ReportLine[]> {
  const { baseUrl } = providerSettings(provider);
  const key = needKey(env().adminKeys.anthropic, "ANTHROPIC_ADMIN_KEY");
  const end = new Date(day.getTime() + DAY_S * 1_000).toISOString();
  const url = `${baseUrl}/v1/organizations/cost_report?starting_at=${day.toISOString()}&ending_at=${end}&bucket_width=1d&group_by[]=description`;
  const lines: ReportLine[] = [];
  let page = "";
  for (let count = 0; count < PAGES_MAX; count++) {
    const headers = { "x-api-key": key, "anthropic-version": "2023-06-01" };
    const report = AnthropicCosts.parse(await readReport(`${url}${page}`, headers));
    for (const { amount, model, description } of report.data.flatMap(({ results }) => results))
      lines.push({
        item: description ?? model ?? "other",
        model: model ?? null,
        cost: nanoOf(amount / 100),
      });
    if (!report.has_more || !report.next_page) break;
    page = `&page=${encodeURIComponent(report.next_page)}`;
  }
  return lines;
}

async function readReport(url: string, headers: Record<string, string>): Promise<unknown> {
  try {
    return await fetchJson(url, headers);
  } catch (cause) {
    const status = cause instanceof Error ? /^status \d{3}$/.exec(cause.message)?.[0] : undefined;
    throw new AppError(
      "unavailable",
      `The cost report ${status ? `responded with ${status}` : "could not be read"}.`,
      {
        cause,
      },
    );
  }
}

function needKey(key: string | null, name: string): string {
  if (key === null)
    throw new AppError("bad_request", `Set ${name}: a key that may read the cost report.`);
  return key;
}

const nanoOf = (usd: number): number => Math.round(usd * NANO_PER_CREDIT);
