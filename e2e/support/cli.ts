import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { ROOT } from "./processes";

const run = promisify(execFile);

export type Customer = { email: string; key: string; project: string };
export type AccountSummary = {
  credits_nano: number;
  freeRequests: number;
  holds: unknown[];
  usage: { rows: number; charged_nano: number };
  ledger: { posted_nano: number };
};

export type ScriptResult = { code: number; stdout: string; stderr: string };

/** Runs one of the product's scripts to its end with these settings and no other. */
export async function runScript(
  script: string,
  words: string[],
  environment: Record<string, string>,
): Promise<ScriptResult> {
  const env = { PATH: process.env.PATH, NODE_ENV: "production" as const, ...environment };
  try {
    return { code: 0, ...(await run(process.execPath, [script, ...words], { cwd: ROOT, env })) };
  } catch (error) {
    const { code, stdout, stderr } = error as ScriptResult;
    return { code, stdout, stderr };
  }
}

/** The operator commands of a deployment with these settings. */
export function operatorOf(environment: Record<string, string>) {
  /** Resolves to a command's JSON, also where its exit status is 1; rejects with what it printed where there is none. */
  const onekey = async (...words: string[]): Promise<Record<string, unknown>> => {
    const { stdout, stderr } = await runScript("dist/cli.js", [...words, "--json"], environment);
    if (!stdout.startsWith("{")) throw new Error(`onekey ${words.join(" ")}: ${stderr}`);
    return JSON.parse(stdout) as Record<string, unknown>;
  };

  /** A new account with a key; `credits` as a decimal string. */
  const createCustomer = async ({
    credits,
    email = `${randomUUID()}@example.com`,
  }: { credits?: string | undefined; email?: string } = {}): Promise<Customer> => {
    const grant = credits ? ["--credits", credits] : [];
    const { key, project } = await onekey("account", "create", "--email", email, ...grant);
    return { email, key: String(key), project: String(project) };
  };

  const showAccount = async (email: string): Promise<AccountSummary> =>
    (await onekey("account", "show", "--email", email)) as unknown as AccountSummary;

  /** Waits until an account has no open hold. */
  const waitUntilSettled = async (email: string): Promise<AccountSummary> => {
    for (let i = 0; i < 100; i++) {
      const account = await showAccount(email);
      if (account.holds.length === 0) return account;
      await sleep(100);
    }
    throw new Error("A hold stayed open.");
  };

  const auditProblems = async (): Promise<string[]> => (await onekey("audit")).problems as string[];

  return { onekey, createCustomer, showAccount, waitUntilSettled, auditProblems };
}
