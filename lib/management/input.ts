import { z } from "zod";
import { parseBlock } from "@/lib/accounts/addresses";
import { ProjectName, type Limits } from "@/lib/accounts/schema";
import { findModel } from "@/lib/catalog/queries";
import { AppError } from "@/lib/errors";
import { KeyName } from "@/lib/keys/schema";
import { parseCredits } from "@/lib/money";
import { InvitedRole } from "@/lib/teams/schema";
import { WebhookEventType } from "@/lib/webhook-endpoints/schema";

const CREDITS_MAX = 10 ** 15;

/** A decimal string of credits, such as "20.00", as nano-credits. */
const credits = z.string().transform((text, context): number => {
  try {
    const amount: number = parseCredits(text);
    if (amount >= 0 && amount <= CREDITS_MAX) return amount;
  } catch {
    // Reported below.
  }
  context.addIssue(
    'Send credits as a decimal string from "0" to "1000000", with at most 9 places, such as "20.00".',
  );
  return z.NEVER;
});
const count = (max: number) => z.number().int().min(1).max(max);

/** Limits as a body sends them. The descriptions are those of the OpenAPI document. */
const LimitsBody = z.strictObject({
  credits_per_day: credits.nullish().describe("Credits of a UTC day, as a decimal string."),
  credits_per_week: credits.nullish().describe("Credits of a week from Monday, in UTC."),
  credits_per_month: credits.nullish().describe("Credits of a calendar month, in UTC."),
  credits_total: credits.nullish().describe("Credits in total. It never resets."),
  max_request_cost: credits.nullish().describe("Maximum cost of one request, in credits."),
  requests_per_minute: count(1_000_000).nullish().describe("Requests a minute."),
  tokens_per_minute: count(10 ** 12)
    .nullish()
    .describe("Tokens a minute, input and output together."),
});

const AccountLimitsInput = LimitsBody.transform((body): Limits => {
  const limits = {
    creditsPerDay: body.credits_per_day,
    creditsPerWeek: body.credits_per_week,
    creditsPerMonth: body.credits_per_month,
    creditsTotal: body.credits_total,
    maxRequestCost: body.max_request_cost,
    requestsPerMinute: body.requests_per_minute,
    tokensPerMinute: body.tokens_per_minute,
  };
  const set = Object.entries(limits).filter(([, limit]) => limit !== undefined && limit !== null);
  return Object.fromEntries(set) as Limits;
});

const models = z
  .array(z.string())
  .min(1)
  .max(200)
  .refine((ids) => ids.every((id) => findModel(id)?.id === id), "Send canonical model ids.");
const addresses = z
  .array(z.string())
  .min(1)
  .max(50)
  .transform((list, context) =>
    list.map((text) => {
      const block = parseBlock(text);
      if (block === null) context.addIssue("Send addresses or ranges such as 203.0.113.0/24.");
      return block ?? "";
    }),
  );
const moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

const keyName = KeyName.describe("Name of the key: one line, 1 to 64 characters.");
const expiry = moment
  .nullish()
  .describe("When the key stops working: a time with its offset from UTC. Null for never.");
const keyModels = models
  .nullish()
  .describe("Canonical ids of the only models that the key may call. Null for no list.");
const keyAddresses = addresses
  .nullish()
  .describe(
    "The only client addresses, or ranges such as `203.0.113.0/24`, of the key. Null for no list.",
  );
const keyLimits = AccountLimitsInput.optional().describe(
  "Limits of the key. It needs the scope `limits`. Those that are left out are removed.",
);

const role = InvitedRole.describe(
  "What the member may do. An owner is made in the settings, by an owner.",
);

const webhookUrl = z
  .string()
  .describe("Where events are posted: a public `https` URL. Redirects are not followed.");
const webhookEvents = z
  .array(WebhookEventType)
  .min(1)
  .describe("The types of the events that are posted.");

export const INPUTS = {
  accountLimits: AccountLimitsInput,
  newProject: z.strictObject({
    name: ProjectName.describe("Name of the project: one line, 1 to 60 characters."),
  }),
  newKey: z.strictObject({
    name: keyName,
    expires_at: expiry,
    models: keyModels,
    addresses: keyAddresses,
    limits: keyLimits,
  }),
  keyChanges: z.strictObject({
    name: keyName.optional(),
    expires_at: expiry,
    models: keyModels,
    addresses: keyAddresses,
    limits: keyLimits,
  }),
  memberChanges: z.strictObject({ role }),
  newInvitation: z.strictObject({
    email: z.string().max(254).describe("The address that is invited. Only it can accept."),
    role,
  }),
  newWebhook: z.strictObject({ url: webhookUrl, events: webhookEvents }),
  webhookChanges: z.strictObject({
    url: webhookUrl.optional(),
    events: webhookEvents.optional(),
    enabled: z
      .literal(true)
      .optional()
      .describe("Posts events again to an endpoint that was disabled because it failed."),
  }),
  webhookRotation: z.strictObject({
    overlap: z
      .enum(["none", "day"])
      .describe("How long the old secret signs too: not at all, or 24 hours."),
  }),
  rotation: z.strictObject({
    overlap: z
      .enum(["none", "hour", "day", "week"])
      .describe("How long the old secret goes on working: not at all, 1 hour, 24 hours or 7 days."),
  }),
};

/** The body in the shape that an operation takes. Throws bad_request with the first field that is wrong. */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
): z.output<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const param =
    issue?.code === "unrecognized_keys" ? (issue.keys[0] ?? "") : (issue?.path.join(".") ?? "");
  throw new AppError(
    "bad_request",
    issue?.code === "unrecognized_keys"
      ? `The field ${param} is not supported.`
      : (issue?.message ?? "The body is not valid."),
    param === "" ? {} : { param },
  );
}

/** The most entries of one page. */
export const PAGE_MAX = 200;

/** The page that a list is asked for: `limit` from 1 to 200, and `after`, the cursor of the page before. */
export function pageOf(query: URLSearchParams): { limit: number; after: string | null } {
  const limit = Number(query.get("limit") ?? 50);
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_MAX)
    throw new AppError("bad_request", `limit is a whole number from 1 to ${PAGE_MAX}.`, {
      param: "limit",
    });
  return { limit, after: query.get("after") };
}

/** A cursor of a time and an id, as text and back. Throws bad_request. */
export const cursorText = ({ at, _id }: { at: Date; _id: string }): string =>
  Buffer.from(`${at.getTime()}.${_id}`).toString("base64url");

export function cursorOf(text: string | null): { at: Date; _id: string } | undefined {
  if (text === null) return undefined;
  const match = /^(\d{1,15})\.([\w-]{1,60})$/.exec(Buffer.from(text, "base64url").toString("utf8"));
  if (!match) throw new AppError("bad_request", "That is not a cursor.", { param: "after" });
  return { at: new Date(Number(match[1])), _id: match[2] ?? "" };
}
