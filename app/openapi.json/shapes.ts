import { z } from "zod";
import { STATUS } from "@/lib/errors";
import { EndedBy } from "@/lib/usage/schema";
import { managementShapes } from "./management-shapes";
import { tokenCounts } from "./token-counts";

const credits = z.string().regex(/^-?\d+\.\d{9}$/);
const nano = z.int();
const window = z.object({
  limit: z.int().describe("Requests that the limit allows."),
  remaining: z.int().describe("Requests that are left of it."),
});
const lifecycle = {
  retires: z.iso
    .date()
    .nullable()
    .describe("The first day, in UTC, on which the model is not served; null while none is known."),
  replaced_by: z.string().nullable().describe("The model to send instead, or null."),
};

/** The objects that OneKey itself returns, by name: the document and its test are made of the same shapes. */
export const shapes = {
  Credits: z.object({
    credits: credits.describe(
      "What can be spent now, in credits: a decimal with nine places. One credit is one US dollar.",
    ),
    credits_nano: nano.describe("The same amount in nano-credits (10⁻⁹ credits)."),
    held: credits.describe(
      "Reserved for open requests, in credits. Each hold ends with the charge of its request.",
    ),
    held_nano: nano.describe("The same amount in nano-credits."),
    free_requests: z.int().describe("How many free requests the account has left, of 20."),
  }),
  Quote: z.object({
    object: z.literal("quote"),
    model: z.string().describe("Id of the model in the catalog; an alias is resolved."),
    provider: z.string().describe("`openai`, `anthropic`, `google` or `xai`."),
    endpoint: z.string().describe("Name of the endpoint, such as `chat.completions`."),
    max_cost: credits.describe("What the request can cost at most, in credits. It is held."),
    max_cost_nano: nano.describe("The same amount in nano-credits (10⁻⁹ credits)."),
    expected_cost: credits.describe(
      "What such a request usually costs at most: three bytes of text a token, and up to 8,192 tokens of output.",
    ),
    expected_cost_nano: nano.describe("The same amount in nano-credits."),
    unbounded: z
      .boolean()
      .describe("Whether a tool that the provider runs has no bound, so that it may cost more."),
    service_tier: z.string().nullable().describe("The tier that the body asks for, or null."),
    rates: z
      .record(z.string(), z.unknown())
      .describe(
        "Prices in credits, by kind: tokens by the million, images, seconds, characters and calls each. `tiers` has those of long inputs.",
      ),
    catalog_version: z.string().describe("The catalog that the prices are of."),
    output_limit: z
      .int()
      .nullable()
      .describe(
        "Output tokens that the maximum counts, of one choice. Null where a limit does not bound the cost.",
      ),
    output_limit_that_fits: z
      .int()
      .nullable()
      .describe("The largest output limit that the balance covers now; 0 where none would."),
    accepted: z.boolean().describe("Whether the request would be served now."),
    free: z.boolean().describe("Whether a free request would pay for it."),
    refusal: z
      .object({
        status: z.int().describe("HTTP status."),
        code: z.string().describe("Code of the error."),
        message: z.string().describe("What happened and what to do."),
      })
      .nullable()
      .describe("The error that the request would get now, or null."),
    balance: z
      .object({
        credits: credits.describe("What can be spent now, in credits."),
        credits_nano: nano.describe("The same amount in nano-credits."),
        held: credits.describe("Reserved for open requests, in credits."),
        held_nano: nano.describe("The same amount in nano-credits."),
        free_requests: z.int().describe("How many free requests the account has left."),
        free_credits: credits.describe("What the free requests may cost together, in credits."),
        free_credits_nano: nano.describe("The same amount in nano-credits."),
      })
      .describe("What pays for requests of the account."),
    limits: z
      .object({
        account_requests_per_minute: window.describe("Requests of the account in this minute."),
        account_requests_in_flight: window.describe("Requests of the account in flight."),
        project_requests_per_minute: window
          .nullable()
          .describe("Requests of the project in this minute, where it has a limit."),
        project_credits_per_month: z
          .object({
            limit: credits.describe("Credits of this month."),
            remaining: credits.describe("What is left of it."),
          })
          .nullable()
          .describe("Credits of the project in this month, where it has a limit."),
      })
      .describe("The limits that count the request, and what is left of each."),
  }),
  UsageRow: z.object({
    id: z
      .string()
      .regex(/^req_[0-9A-Za-z]{22}$/)
      .describe("Id of the request, as in the header `x-onekey-request-id`."),
    at: z.iso.datetime().describe("When the request arrived: UTC, with milliseconds."),
    user: z.string().describe("Id of the account, `usr_…`."),
    project: z.string().describe("Id of the project whose key was used, `prj_…`."),
    key: z
      .string()
      .nullable()
      .describe("Id of the key, `key_…`; null for requests of earlier versions."),
    model: z.string().describe("Id of the model in the catalog; an alias is resolved."),
    served_model: z
      .string()
      .optional()
      .describe(
        "Id of the model that the provider says served the request, where it is another one.",
      ),
    provider: z.string().describe("`openai`, `anthropic`, `google` or `xai`."),
    endpoint: z
      .string()
      .describe("Name of the endpoint, such as `chat.completions` or `messages`."),
    stream: z.boolean().describe("Whether the response was streamed."),
    status: z.int().describe("HTTP status of the response. For a stream: when it began."),
    ended_by: EndedBy.describe("How the request ended."),
    tokens: tokenCounts,
    cost: credits.describe(
      "What the request cost, in credits: a decimal with nine places. A free request states what it would have cost.",
    ),
    cost_nano: nano.describe("The same amount in nano-credits (10⁻⁹ credits)."),
    free: z.boolean().describe("Whether a free request paid for it."),
    latency_ms: z
      .int()
      .describe("From the arrival of the request to the end of the response, in milliseconds."),
    first_byte_ms: z
      .int()
      .nullable()
      .describe(
        "From the arrival of the request to the first byte of the response, in milliseconds. Null when no response began.",
      ),
    usage_source: z
      .enum(["provider", "estimated"])
      .describe("`provider` if it stated its usage, `estimated` if OneKey counted."),
    catalog_version: z
      .string()
      .nullable()
      .describe("Version of the price list that the request was charged by."),
  }),
  OpenAIModel: z.object({
    id: z.string().describe("Id to send as `model`."),
    object: z.literal("model"),
    created: z.int().describe("When the model was released: seconds since 1970."),
    owned_by: z.string().describe("The provider."),
    shutdown_date: z.iso.date().nullable().describe("The same as `retires`, under OpenAI’s name."),
    ...lifecycle,
  }),
  AnthropicModel: z.object({
    type: z.literal("model"),
    id: z.string().describe("Id to send as `model`."),
    display_name: z.string().describe("Name of the model."),
    created_at: z.iso.datetime().describe("When the model was released."),
    ...lifecycle,
  }),
  GeminiModel: z.object({
    name: z
      .string()
      .regex(/^models\//)
      .describe("Id with the prefix `models/`."),
    displayName: z.string().describe("Name of the model."),
    inputTokenLimit: z.int().describe("Context window in tokens."),
    outputTokenLimit: z.int().describe("Output tokens at most."),
    supportedGenerationMethods: z.array(z.string()).describe("Actions that the model takes."),
    ...lifecycle,
  }),
  OpenAIError: z.object({
    error: z.object({
      message: z.string().describe("What happened and what to do."),
      type: z.string().describe("Class of the error, as OpenAI names it."),
      param: z.string().nullable().describe("The field that is wrong, if one is."),
      code: z.string().describe("Code of the error."),
    }),
  }),
  AnthropicError: z.object({
    type: z.literal("error"),
    error: z.object({
      type: z.string().describe("Class of the error, as Anthropic names it."),
      message: z.string().describe("What happened and what to do."),
    }),
    request_id: z.string().describe("Id of the request."),
  }),
  GeminiError: z.object({
    error: z.object({
      code: z.int().describe("HTTP status."),
      message: z.string().describe("What happened and what to do."),
      status: z.string().describe("Class of the error, as Google names it."),
    }),
  }),
  ...managementShapes,
} satisfies Record<string, z.ZodType>;

export type ShapeName = keyof typeof shapes;

export const errorStatuses = [...new Set(Object.values(STATUS))].sort((a, b) => a - b);
