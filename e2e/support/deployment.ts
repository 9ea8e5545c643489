import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { inject } from "vitest";
import { root } from "./processes";

const run = promisify(execFile);

export const stage = inject("stage");
export const DOORS = [
  ["the fast door", stage.fast],
  ["Next's door", stage.next],
] as const;

/** The settings of a OneKey with an embedded database of its own, whatever database the stage is on. */
export const embedded = (dataDir: string): Record<string, string> => ({
  ...stage.environment,
  ONEKEY_DATA_DIR: dataDir,
  ONEKEY_SANDBOX_MONGODB_URI: "",
});

/** Runs an operator command on the stage's database and returns its JSON object. */
export async function onekey(...words: string[]): Promise<Record<string, unknown>> {
  const { stdout } = await run(process.execPath, ["dist/cli.js", ...words, "--json"], {
    cwd: root,
    env: { PATH: process.env.PATH, NODE_ENV: "production", ...stage.environment },
  });
  return JSON.parse(stdout) as Record<string, unknown>;
}

export type Customer = { email: string; key: string; project: string };

/** A new account with a key; `credits` as a decimal string. `spent` uses the free requests' place up, so that credits are used at once. */
export async function customer({ credits }: { credits?: string } = {}): Promise<Customer> {
  const email = `${randomUUID()}@example.com`;
  const made = await onekey(
    "account",
    "create",
    "--email",
    email,
    ...(credits ? ["--credits", credits] : []),
  );
  return { email, key: String(made.key), project: String(made.project) };
}

export type Shown = {
  credits_nano: number;
  freeRequests: number;
  holds: unknown[];
  usage: { rows: number; charged_nano: number };
  ledger: { posted_nano: number };
};

export async function show(email: string): Promise<Shown> {
  return (await onekey("account", "show", "--email", email)) as unknown as Shown;
}

/** A usage row as the API gives it. */
export type Row = {
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
export async function rows(origin: string, key: string): Promise<Row[]> {
  const answer = await fetch(`${origin}/v1/usage`, { headers: { authorization: `Bearer ${key}` } });
  return ((await answer.json()) as { data: Row[] }).data;
}

/** Waits until an account has no open hold. */
export async function settled(email: string): Promise<Shown> {
  for (let i = 0; i < 100; i++) {
    const shown = await show(email);
    if (shown.holds.length === 0) return shown;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("A hold stayed open.");
}

export async function auditProblems(): Promise<unknown> {
  return (
    await onekey("audit").catch(
      (error: { stdout?: string }) => JSON.parse(error.stdout ?? "{}") as Record<string, unknown>,
    )
  ).problems;
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

/** A user's message that asks the stand-in provider for something. */
export const ask = (directive: Record<string, unknown>, text = "Hello") => ({
  role: "user",
  content: `${text} [[sandbox: ${JSON.stringify(directive)}]]`,
});

export type Seen = {
  provider: string;
  path: string;
  headers: Record<string, string>;
  bodySha256: string;
  answerSha256?: string;
  closedEarlyAt?: number;
};

const control = async (path: string, body?: unknown): Promise<unknown> => {
  const answer = await fetch(
    `${stage.providers}/__control/${path}`,
    body === undefined ? {} : { method: "POST", body: JSON.stringify(body) },
  );
  const text = await answer.text();
  return text === "" ? null : JSON.parse(text);
};
export const seen = async (): Promise<Seen[]> => (await control("seen")) as Seen[];
/** Tells the stand-ins what to do with the next request, where its body has no room for a directive. */
export const next = (directive: Record<string, unknown>) => control("next", directive);
export const release = () => control("release", {});
/** How many requests the providers ever received. */
export const received = async (): Promise<number> =>
  Object.values((await control("counts")) as Record<string, number>).reduce(
    (sum, count) => sum + count,
    0,
  );
