import { execFile, fork, type ChildProcess } from "node:child_process";
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

type CommandReply = { id: number; data?: Record<string, unknown>; error?: string };

/** Commands that a process which has already run others may run: they keep nothing in it. */
const SHARED_COMMANDS = /^(account|credits|audit$)/;

/**
 * A process that runs commands until this one ends. Starting one for each command costs half a second of a processor, and
 * tests run a thousand. It joins the database and never serves it.
 */
function commandProcess(environment: Record<string, string>) {
  const pending = new Map<number, (reply: CommandReply) => void>();
  let child: ChildProcess | undefined;
  let count = 0;
  const start = () => {
    const runner = fork("e2e/support/command-process.mjs", {
      cwd: ROOT,
      env: {
        PATH: process.env.PATH,
        NODE_ENV: "production",
        ...environment,
        EMBEDDED_DATABASE: "join",
      },
      execArgv: [],
      stdio: "ignore",
    });
    runner.on("message", (reply: CommandReply) => {
      pending.get(reply.id)?.(reply);
      pending.delete(reply.id);
    });
    runner.once("exit", (code) => {
      child = undefined;
      for (const [id, resolve] of pending) resolve({ id, error: `the process ended with ${code}` });
      pending.clear();
    });
    // A test that has ended does not wait for it; it ends when the channel is closed.
    runner.unref();
    runner.channel?.unref();
    return runner;
  };
  return {
    run: (words: string[]) =>
      new Promise<CommandReply>((resolve) => {
        child ??= start();
        const id = ++count;
        pending.set(id, resolve);
        child.send({ id, words });
      }),
    close: () => void child?.disconnect(),
  };
}

/**
 * The operator commands of a deployment with these settings. `isSteady`: its database runs as long as the tests, so that one
 * process may run their commands.
 */
export function operatorOf(
  environment: Record<string, string>,
  { isSteady = false }: { isSteady?: boolean } = {},
) {
  const runner = commandProcess(environment);

  /** Resolves to a command's JSON, also where its exit status is 1; rejects with what it printed where there is none. */
  const onekey = async (...words: string[]): Promise<Record<string, unknown>> => {
    if (isSteady && SHARED_COMMANDS.test(words[0] ?? "")) {
      let { data, error } = await runner.run(words);
      // Nothing was sent: a busy machine may take longer to connect than a command waits.
      for (let i = 0; i < 20 && error?.startsWith("Server selection timed out"); i++)
        ({ data, error } = await runner.run(words));
      if (data === undefined) throw new Error(`onekey ${words.join(" ")}: ${error}`);
      return data;
    }
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
    for (const until = Date.now() + 60_000; ; await sleep(100)) {
      const account = await showAccount(email);
      if (account.holds.length === 0) return account;
      if (Date.now() > until) throw new Error("A hold stayed open.");
    }
  };

  const auditProblems = async (): Promise<string[]> => (await onekey("audit")).problems as string[];

  return {
    onekey,
    createCustomer,
    showAccount,
    waitUntilSettled,
    auditProblems,
    close: runner.close,
  };
}
