import { inject } from "vitest";
import { operatorOf } from "./cli";

export const deployment = inject("deployment");
export const ADAPTERS = [
  ["the Node server", deployment.fast],
  ["the Next route handler", deployment.next],
] as const;

/** The settings of a OneKey with a separate embedded database, whatever database the shared deployment uses. */
export const embeddedSettings = (dataDir: string): Record<string, string> => ({
  ...deployment.environment,
  ONEKEY_DATA_DIR: dataDir,
  ONEKEY_SANDBOX_MONGODB_URI: "",
});

export const { onekey, createCustomer, showAccount, waitUntilSettled, auditProblems } = operatorOf(
  deployment.environment,
  { isSteady: true },
);

/** A usage row as the API gives it. */
export type ApiUsageRow = {
  id: string;
  model: string;
  status: number;
  ended_by: string;
  cost_nano: number;
  free: boolean;
  usage_source: "provider" | "estimated";
  tokens: Record<"input" | "cache_read" | "output" | "reasoning", number>;
};

/** The rows of a key's project, newest first. */
export async function listUsage(origin: string, key: string): Promise<ApiUsageRow[]> {
  const response = await fetch(`${origin}/v1/usage`, {
    headers: { authorization: `Bearer ${key}` },
  });
  return ((await response.json()) as { data: ApiUsageRow[] }).data;
}

export function chat(
  origin: string,
  key: string,
  body: unknown,
  init: RequestInit = {},
): Promise<Response> {
  return fetch(`${origin}/v1/chat/completions`, {
    method: "POST",
    ...init,
    headers: {
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
      ...(init.headers as Record<string, string> | undefined),
    },
    body:
      typeof body === "string" || body instanceof Uint8Array
        ? (body as BodyInit)
        : JSON.stringify(body),
  });
}

/** A user's message that asks the mock provider for something. */
export const messageWith = (directive: Record<string, unknown>, text = "Hello") => ({
  role: "user",
  content: `${text} [[sandbox: ${JSON.stringify(directive)}]]`,
});

export type ProviderRequest = {
  provider: string;
  path: string;
  headers: Record<string, string>;
  bodySha256: string;
  answerSha256?: string;
  closedEarlyAt?: number;
};

const control = async (path: string, body?: unknown): Promise<unknown> => {
  const response = await fetch(
    `${deployment.providers}/__control/${path}`,
    body === undefined ? {} : { method: "POST", body: JSON.stringify(body) },
  );
  const text = await response.text();
  return text === "" ? null : JSON.parse(text);
};
export const providerRequests = async (): Promise<ProviderRequest[]> =>
  (await control("seen")) as ProviderRequest[];
/** Directs the mock providers for the next request, where its body cannot contain a directive. */
export const directNext = (directive: Record<string, unknown>) => control("next", directive);
export const releaseResponses = () => control("release", {});
/** How many requests the providers ever received. */
export const countReceived = async (): Promise<number> =>
  Object.values((await control("counts")) as Record<string, number>).reduce(
    (sum, count) => sum + count,
    0,
  );
