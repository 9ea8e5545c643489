import type { Tool } from "@anthropic-ai/sdk/resources/messages";
import { z } from "zod";
import { heldTotal, type Account } from "@/lib/accounts/schema";
import { findModel, nearestModelIds, ratesAt } from "@/lib/catalog/queries";
import { listKeys } from "@/lib/keys/queries";
import { formatCredits } from "@/lib/money";
import { lastDays } from "@/lib/usage/period";
import { listPage } from "@/lib/usage/rows";
import { RETENTION_DAYS } from "@/lib/usage/schema";
import type { ToolReading } from "./schema";
import { TOPICS } from "./topics";
import { projectName, readUsage } from "./usage-tools";

export type ToolAnswer = { data: unknown; summary: string; reading?: ToolReading };
type ToolReader = {
  description: string;
  input: z.ZodType;
  read: (account: Account, input: never) => Promise<ToolAnswer>;
};

const DayRange = z.object({ days: z.int().min(1).max(RETENTION_DAYS).default(30) });
type DayRange = z.infer<typeof DayRange>;

async function projectsWithKeys(account: Account) {
  const keys = (await listKeys({ account })).filter(({ live }) => live.length > 0);
  return account.projects.map((project) => ({
    ...project,
    keys: keys
      .filter(({ key }) => key.projectId === project.id)
      .map(({ key, live }) => ({ name: key.name, preview: live.at(-1)?.preview })),
  }));
}

const COMPARED = "with the credits of as many days before";

const readers: Record<string, ToolReader> = {
  balance: {
    description:
      "What the account can spend, what is held for requests in flight, and the free requests left.",
    input: z.object({}),
    read: async (account) => {
      const holdTotal = heldTotal(account.holds);
      const [credits, heldText] = [formatCredits(account.credits), formatCredits(holdTotal)];
      return {
        data: { credits, held: heldText, free_requests: account.free.requests },
        summary: `read ${credits} credits, ${heldText} held, ${account.free.requests} free requests`,
      };
    },
  },
  usage_by_day: {
    description: "Requests and credits of each UTC day of the last days, today included.",
    input: DayRange,
    read: (account, { days }: DayRange) => readUsage({ account, days, by: "day" }),
  },
  usage_by_model: {
    description: `Requests and credits of each model over the last days, today included, ${COMPARED}.`,
    input: DayRange,
    read: (account, { days }: DayRange) => readUsage({ account, days, by: "model" }),
  },
  usage_by_project: {
    description: `Requests and credits of each project over the last days, today included, ${COMPARED}.`,
    input: DayRange,
    read: (account, { days }: DayRange) => readUsage({ account, days, by: "project" }),
  },
  projects: {
    description: "The account's projects: name, names and previews of the keys, limits.",
    input: z.object({}),
    read: async (account) => ({
      data: (await projectsWithKeys(account)).map(
        ({ name, keys, limits, models, addresses, origins }) => ({
          name,
          keys,
          requests_per_minute: limits.requestsPerMinute ?? null,
          credits_per_month:
            limits.creditsPerMonth === undefined ? null : formatCredits(limits.creditsPerMonth),
          models: models ?? "all",
          addresses: addresses ?? "all",
          websites: origins ?? "all",
        }),
      ),
      summary: `read ${account.projects.length} ${account.projects.length === 1 ? "project" : "projects"}`,
    }),
  },
  recent_requests: {
    description:
      "The newest requests: time, model, project, status, how each ended, tokens and cost.",
    input: z.object({ count: z.int().min(1).max(50).default(20) }),
    read: async (account, { count }: { count: number }) => {
      const filter = { accountId: account._id, ...lastDays(RETENTION_DAYS) };
      const { rows } = await listPage({ filter, limit: count });
      return {
        data: rows.map((row) => ({
          id: row._id,
          at: row.at,
          model: row.model,
          project: projectName(account, row.projectId),
          status: row.status,
          ended_by: row.endedBy,
          tokens: row.tokens,
          credits: formatCredits(row.cost),
          free: row.free,
        })),
        summary: `read ${rows.length} ${rows.length === 1 ? "request" : "requests"}`,
      };
    },
  },
  prices: {
    description:
      "Prices of models by id, in credits (dollars) for a million tokens, with context and output limits.",
    input: z.object({ models: z.array(z.string().max(128)).min(1).max(12) }),
    read: async (_, { models }: { models: string[] }) => ({
      data: models.map((id) => {
        const model = findModel(id);
        const rates = model && ratesAt({ model, at: new Date() });
        if (!model || !rates) return { model: id, unknown: true, nearest: nearestModelIds(id) };
        const price = (rate: number) => formatCredits(rate);
        return {
          model: model.id,
          name: model.name,
          provider: model.provider,
          context: model.context,
          max_output: model.maxOutput,
          input: price(rates.input),
          output: price(rates.output),
          cache_read: price(rates.cacheRead),
          cache_write: price(rates.cacheWrite5m),
        };
      }),
      summary: `read ${models.join(", ")}`,
    }),
  },
  how_to: {
    description: `How to do something with OneKey. Topics: ${Object.keys(TOPICS).join(", ")}.`,
    input: z.object({ topic: z.enum(Object.keys(TOPICS) as [string, ...string[]]) }),
    read: async (_, { topic }: { topic: string }) => ({
      data: TOPICS[topic],
      summary: `read ${topic}`,
    }),
  },
};

/** The tools as described to Anthropic. None of them writes, and none takes an account. */
export const tools: Tool[] = Object.entries(readers).map(([name, { description, input }]) => {
  const { $schema: _, ...schema } = z.toJSONSchema(input, { io: "input" });
  return { name, description, input_schema: schema as Tool.InputSchema };
});

/** Runs a tool for the account of the session; what the model asks for beyond the tool's own input is dropped. */
export async function readWith(
  account: Account,
  name: string,
  input: unknown,
): Promise<ToolAnswer> {
  const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
  const parseResult = reader?.input.safeParse(input ?? {});
  if (!reader || !parseResult?.success)
    return {
      data: { error: "There is no such tool, or its input is wrong." },
      summary: "was asked for wrongly",
    };
  return reader.read(account, parseResult.data as never);
}
