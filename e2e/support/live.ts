import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { operatorOf } from "./cli";
import { launch, launchServer, type AdapterName } from "./processes";
import { deployment, listUsage, type ApiUsageRow } from "./shared-deployment";

/**
 * A live server with a separate database and the shared mock providers. How its credential begins decides how
 * a provider takes it; several are given separated by commas, and each is a channel.
 */
export async function startLive({
  credentials,
  adapter,
  more: settings = {},
}: {
  credentials: string;
  adapter?: AdapterName;
  more?: Record<string, string>;
}) {
  const dir = await mkdtemp(path.join(tmpdir(), "onekey-live-"));
  const environment: Record<string, string> = {
    ONEKEY_MODE: "live",
    CONTACT_EMAIL: "help@example.com",
    ONEKEY_DATA_DIR: dir,
    HOST: "127.0.0.1",
    OPENAI_API_KEY: credentials,
    ANTHROPIC_API_KEY: credentials,
    GEMINI_API_KEY: credentials,
    XAI_API_KEY: credentials,

    OPENAI_BASE_URL: `${deployment.providers}/openai/v1`,
    XAI_BASE_URL: `${deployment.providers}/xai/v1`,

    ANTHROPIC_BASE_URL: `${deployment.providers}/anthropic`,
    GOOGLE_GEMINI_BASE_URL: `${deployment.providers}/google`,
    ...settings,
  };
  const database = await launch({ script: "dist/database.js", environment, ready: /"ready":true/ });
  const server = await launchServer({
    environment,
    hasPages: false,
    ...(adapter ? { adapter } : {}),
  });
  const { origin } = server;
  const operator = operatorOf(environment, { isSteady: true });
  const { key } = await operator.createCustomer({ email: "a@example.com" });
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const post = (path: string, body: unknown, as = key) =>
    fetch(`${origin}${path}`, {
      method: "POST",
      headers: { ...headers, authorization: `Bearer ${as}` },
      body: JSON.stringify(body),
    });
  return {
    server,
    origin,
    key,
    onekey: operator.onekey,
    environment,
    post,
    chat: (
      model: string,
      messages: unknown[],
      fields: Record<string, unknown> = {},
      as: string = key,
    ) => post("/v1/chat/completions", { model, messages, ...fields }, as),
    /** The key of another account with credits. */
    createKey: async () => (await operator.createCustomer({ credits: "50" })).key,
    createCustomer: operator.createCustomer,
    rows: (as: string = key): Promise<ApiUsageRow[]> => listUsage(origin, as),
    stop: async () => {
      operator.close();
      await server.stop();
      await database.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
