import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { StartError } from "./start-error";

export const DEMO_EMAIL = "demo@onekey.local";
const DEMO_PROJECT = "npm start";
/** Tries in all: a database that is restarted in the middle of one is no reason to end OneKey. */
const ATTEMPTS = 3;
const run = promisify(execFile);

type OneKeyGlobal = (...words: string[]) => Promise<Record<string, unknown>>;

/** A new key of the demo account's project "npm start"; keys of its other projects keep working. Throws a `StartError`. */
export async function createDemoKey(input: {
  cli: string;
  directory: string;
  environment: Record<string, string | undefined>;
  /** Awaited before each attempt: resolves when the database serves. */
  untilStartable: () => Promise<void>;
}): Promise<string> {
  const onekey: OneKeyGlobal = async (...words) => {
    const { stdout } = await run(process.execPath, [input.cli, ...words, "--json"], {
      cwd: input.directory,
      env: input.environment as NodeJS.ProcessEnv,
    });
    return JSON.parse(stdout) as Record<string, unknown>;
  };
  for (let attempt = 1; ; attempt++) {
    await input.untilStartable();
    try {
      return String((await createKey(onekey)).key);
    } catch (error) {
      if (attempt < ATTEMPTS) continue;
      const { stderr = "" } = error as { stderr?: string };
      throw new StartError(`The demo account's key could not be created. ${stderr.trim()}`.trim());
    }
  }
}

async function createKey(onekey: OneKeyGlobal): Promise<Record<string, unknown>> {
  const account = await onekey("account", "show", "--email", DEMO_EMAIL).catch(() => null);
  if (account === null) await onekey("account", "create", "--email", DEMO_EMAIL, "--credits", "10");
  const projects = (account?.projects ?? []) as { id: string; name: string }[];
  const project = projects.find(({ name }) => name === DEMO_PROJECT);
  return project
    ? onekey("key", "regenerate", "--project", project.id)
    : onekey("key", "create", "--email", DEMO_EMAIL, "--name", DEMO_PROJECT);
}
