import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { codeOf, exportsOf } from "./docs-page";

const bin = fileURLToPath(new URL("./node_modules/.bin", import.meta.url));

type Setup = { origin: string; key: string; home: string; workspace: string };

/** A command-line agent: its docs page, what the page has the reader write, and the command of one headless prompt. */
export type Agent = {
  name: string;
  page: string;
  model: string;
  /** Whether its turns come on a WebSocket. */
  usesSocket?: boolean;
  prepare(setup: Setup): Record<string, string>;
  command(prompt: string): string[];
  /** The command that continues the last session of a directory with another prompt. */
  resume?(prompt: string): string[];
};

const page = (name: string, { origin, key }: Setup) => exportsOf({ page: name, origin, key });

function writeFile(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const codex = (
  name: string,
  { config = "", model = "gpt-6.1-sol", flags = [] as string[] } = {},
): Agent => ({
  name,
  page: "codex-cli",
  model,
  prepare: ({ origin, key, home }) => {
    const [toml = ""] = codeOf({ page: "codex-cli", language: "toml", origin });
    writeFile(path.join(home, ".codex/config.toml"), toml + config);
    return { ONEKEY_API_KEY: key, CODEX_HOME: path.join(home, ".codex") };
  },
  command: (prompt) => [
    "codex",
    "exec",
    "--skip-git-repo-check",
    "--dangerously-bypass-approvals-and-sandbox",
    ...flags,
    prompt,
  ],
});

export const claudeCode: Agent = {
  name: "Claude Code",
  page: "claude-code",
  model: "claude-opus-5-5",
  prepare: (setup) => ({
    ...page("claude-code", setup),
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  }),
  command: (prompt) => ["claude", "-p", prompt, "--allowedTools", "Bash"],
};

export const codexOverHttp = codex("Codex");
export const codexOnSocket: Agent = {
  ...codex("Codex on a socket", { config: "supports_websockets = true\n" }),
  usesSocket: true,
  resume: (prompt) => {
    const [program, subcommand, ...flags] = codexOverHttp.command(prompt);
    return [program ?? "", subcommand ?? "", "resume", "--last", ...flags];
  },
};

/** The tool's own provider with another base URL, which tries a socket first. */
const codexByBaseUrl: Agent = {
  ...codexOverHttp,
  name: "Codex by openai_base_url",
  usesSocket: true,
  prepare: ({ origin, key, home }) => {
    const config = `model = "gpt-6.1-sol"\nopenai_base_url = "${origin}/v1"\n`;
    writeFile(path.join(home, ".codex/config.toml"), config);
    return { CODEX_API_KEY: key, CODEX_HOME: path.join(home, ".codex") };
  },
};

export const agents: Agent[] = [
  claudeCode,
  codexOverHttp,
  codexOnSocket,
  codexByBaseUrl,
  codex("Codex with Grok", { model: "grok-4.7", flags: ["-m", "grok-4.7"] }),
  {
    name: "Gemini CLI",
    page: "gemini-cli",
    model: "gemini-3.8-flash",
    prepare: (setup) => {
      const [settings = ""] = codeOf({ ...setup, page: "gemini-cli", language: "json" });
      writeFile(path.join(setup.home, ".gemini/settings.json"), settings);
      return { ...page("gemini-cli", setup), GEMINI_CLI_TRUST_WORKSPACE: "true" };
    },
    command: (prompt) => ["gemini", "-m", "gemini-3.8-flash", "--yolo", "-p", prompt],
  },
  {
    name: "opencode",
    page: "opencode",
    model: "claude-sonnet-5-5",
    prepare: (setup) => {
      const [config = ""] = codeOf({ ...setup, page: "opencode", language: "json" });
      writeFile(path.join(setup.workspace, "opencode.json"), config);
      return { ONEKEY_API_KEY: setup.key };
    },
    command: (prompt) => ["opencode", "run", prompt],
  },
  {
    name: "Qwen Code",
    page: "qwen-code",
    model: "claude-sonnet-5-5",
    prepare: (setup) => page("qwen-code", setup),
    command: (prompt) => ["qwen", "--auth-type", "openai", "--yolo", "-p", prompt],
  },
  {
    name: "Continue CLI",
    page: "continue",
    model: "claude-sonnet-5-5",
    prepare: ({ origin, key, home }) => {
      const [config = ""] = codeOf({ page: "continue", language: "yaml", origin });
      writeFile(
        path.join(home, ".continue/config.yaml"),
        config.replace("YOUR_ONEKEY_KEY", () => key),
      );
      return {};
    },
    command: (prompt) => ["cn", "-p", prompt, "--auto"],
  },
  {
    name: "pi",
    page: "pi",
    model: "claude-sonnet-5-5",
    prepare: ({ origin, key, home }) => {
      const [models = ""] = codeOf({ page: "pi", language: "json", origin });
      writeFile(path.join(home, ".pi/agent/models.json"), models);
      return { ONEKEY_API_KEY: key };
    },
    command: (prompt) => [
      "pi",
      "--provider",
      "onekey",
      "--model",
      "claude-sonnet-5-5",
      "-p",
      prompt,
    ],
  },
  {
    name: "Cline CLI",
    page: "cline",
    model: "claude-sonnet-5-5",
    prepare: ({ origin, key, home, workspace }) => {
      const [command = ""] = codeOf({ page: "cline", language: "sh", origin });
      const env = { ...basicEnv(home), ONEKEY_API_KEY: key };
      execFileSync("sh", ["-ec", command], { cwd: workspace, env });
      return {};
    },
    command: (prompt) => ["cline", prompt],
  },
];

const missingPrograms = (process.env.ONEKEY_CLIENTS_MISSING ?? "").split(",");

/** Whether an agent does not run here; `npm run test:clients` says why. */
export const isMissing = (agent: Agent): boolean =>
  missingPrograms.includes(agent.command("")[0] ?? "");

/** What an agent's process has of this environment: its programs. */
const basicEnv = (home: string) => ({
  PATH: `${bin}:${process.env.PATH}`,
  HOME: home,
  NODE_ENV: "production" as const,
  TERM: "dumb",
  CI: "1",
});

export type AgentRun = {
  workspace: string;
  stop(): void;
  /** The exit status and all that the agent has written. */
  ended: Promise<{ code: number | null; output: string }>;
  /** Runs another command in the same home and directory. */
  again(command: string[]): AgentRun;
};

/** Runs one prompt with an agent in a new home and a new directory, with nothing of this environment but its programs. */
export function runAgent(
  agent: Agent,
  { origin, key, prompt }: { origin: string; key: string; prompt: string },
): AgentRun {
  const home = mkdtempSync(path.join(tmpdir(), "onekey-client-"));
  const workspace = path.join(home, "work");
  mkdirSync(workspace);
  const settings = agent.prepare({ origin, key, home, workspace });
  const env = { ...basicEnv(home), ...settings };
  return runCommand(agent.command(prompt), { workspace, env });
}

function runCommand(
  [program = "", ...args]: string[],
  place: { workspace: string; env: NodeJS.ProcessEnv },
): AgentRun {
  const { workspace, env } = place;
  const child = spawn(program, args, {
    cwd: workspace,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (output += String(chunk)));
  const stop = () => {
    // The agent and the commands that it runs.
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
  };
  return {
    workspace,
    stop,
    ended: new Promise((resolve) => child.once("close", (code) => resolve({ code, output }))),
    again: (command) => runCommand(command, place),
  };
}
