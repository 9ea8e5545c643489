import { z } from "zod";
import { STATUS } from "@/lib/errors";
import { EndedBy } from "@/lib/usage/schema";

const credits = z.string().regex(/^-?\d+\.\d{9}$/);
const nano = z.int();
const lifecycle = {
  retires: z.iso
    .date()
    .nullable()
    .describe("The first day, in UTC, on which the model is not served; null while none is known."),
  replaced_by: z.string().nullable().describe("The model to send instead."),
};

/** Whatever OneKey itself answers, by name: the document and its test are made of the same shapes. */
export const shapes = {
  Credits: z.object({
    credits: credits.describe("What can be spent, in credits."),
    credits_nano: nano.describe("The same in billionths of a credit."),
    held: credits.describe("Held for requests under way."),
    held_nano: nano,
    free_requests: z.int(),
  }),
  UsageRow: z.object({
    id: z.string().regex(/^req_[0-9A-Za-z]{22}$/),
    at: z.iso.datetime(),
    user: z.string(),
    project: z.string(),
    model: z.string(),
    served_model: z
      .string()
      .optional()
      .describe("The model that the provider says served the request, where it is another one."),
    provider: z.string(),
    endpoint: z.string(),
    stream: z.boolean(),
    status: z.int(),
    ended_by: EndedBy,
    tokens: z.object({
      input: z.int(),
      cache_read: z.int(),
      cache_write_5m: z.int(),
      cache_write_1h: z.int(),
      output: z.int(),
      reasoning: z.int().describe("A part of output."),
    }),
    cost: credits,
    cost_nano: nano,
    free: z.boolean(),
    latency_ms: z.int(),
    first_byte_ms: z.int().nullable(),
    usage_source: z.enum(["provider", "estimated"]),
    catalog_version: z
      .string()
      .nullable()
      .describe("The price list that the request was billed by."),
  }),
  OpenAIModel: z.object({
    id: z.string(),
    object: z.literal("model"),
    created: z.int(),
    owned_by: z.string(),
    shutdown_date: z.iso.date().nullable(),
    ...lifecycle,
  }),
  AnthropicModel: z.object({
    type: z.literal("model"),
    id: z.string(),
    display_name: z.string(),
    created_at: z.iso.datetime(),
    ...lifecycle,
  }),
  GeminiModel: z.object({
    name: z.string().regex(/^models\//),
    displayName: z.string(),
    inputTokenLimit: z.int(),
    outputTokenLimit: z.int(),
    supportedGenerationMethods: z.array(z.string()),
    ...lifecycle,
  }),
  OpenAIError: z.object({
    error: z.object({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string(),
    }),
  }),
  AnthropicError: z.object({
    type: z.literal("error"),
    error: z.object({ type: z.string(), message: z.string() }),
    request_id: z.string(),
  }),
  GeminiError: z.object({
    error: z.object({ code: z.int(), message: z.string(), status: z.string() }),
  }),
} satisfies Record<string, z.ZodType>;

export type ShapeName = keyof typeof shapes;

export const errorStatuses = [...new Set(Object.values(STATUS))].sort((a, b) => a - b);
