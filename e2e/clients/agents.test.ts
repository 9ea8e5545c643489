import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { accounts } from "@/lib/accounts/collection";
import { regenerateKey } from "@/lib/keys/regenerate";
import { audit } from "@/lib/maintenance/audit";
import { listRows } from "@/lib/usage/queries";
import { createFundedAccount } from "../support/own-gateway";
import { createOwnServer } from "../support/own-server";
import {
  agents,
  claudeCode,
  codexOnSocket,
  codexOverHttp,
  isMissing,
  runAgent,
  type Agent,
  type AgentRun,
} from "./agents";
import { startSocketRecorder } from "./socket-recorder";

const CREDIT = 1_000_000_000;
const server = createOwnServer();
const running = new Set<AgentRun>();

/** A prompt on which the mock provider has the agent run these commands, one in each turn, and then say the text. */
const script = (shell: string[], fields: object = {}) =>
  `Do what the sandbox says. [[sandbox: ${JSON.stringify({ shell, text: "All is done.", ...fields })}]]`;

function start(agent: Agent, input: { key: string; prompt: string; origin?: string }): AgentRun {
  const run = runAgent(agent, { origin: server.origin, ...input });
  running.add(run);
  void run.ended.then(() => running.delete(run));
  return run;
}

afterEach(() => {
  for (const run of running) run.stop();
});

/** The account and its rows when nothing is held any more. */
async function settled({ accountId, projectId }: { accountId: string; projectId: string }) {
  return vi.waitFor(
    async () => {
      const account = await accounts.findOne({ _id: accountId });
      if (account?.holds.length !== 0) throw new Error("A hold is open.");
      return { account, rows: (await listRows({ projectId, limit: 100 })).rows };
    },
    { timeout: 30_000, interval: 100 },
  );
}

describe("an agent that is set up as its docs page says runs shell commands in several turns", () => {
  test.for(agents.map((agent) => [agent.name, agent] as const))(
    "%s",
    async ([, agent], { skip }) => {
      if (isMissing(agent)) skip();
      const customer = await createFundedAccount({ credits: 50 * CREDIT });
      const before = server.providers.seen.length;
      const commands = ["echo one > one.txt", "cat one.txt > two.txt"];
      const run = start(agent, { key: customer.key, prompt: script(commands) });
      const { code, output } = await run.ended;
      expect(output, output).toMatch(/All is done|The tool returned/);
      expect(code, output).toBe(0);
      for (const name of ["one.txt", "two.txt"])
        expect(readFileSync(path.join(run.workspace, name), "utf8")).toBe("one\n");
      const methods = server.providers.seen.slice(before).map(({ method }) => method);
      expect(new Set(methods)).toEqual(new Set([agent.usesSocket ? "SOCKET" : "POST"]));
      const { rows } = await settled(customer);
      expect(rows.length).toBeGreaterThanOrEqual(3);
      // Titles are made by a smaller model of the same provider.
      expect(rows.some(({ model }) => model === agent.model)).toBe(true);
      for (const row of rows)
        expect(row, JSON.stringify(row)).toMatchObject({
          status: 200,
          endedBy: "complete",
          usageSource: "provider",
        });
      expect((await audit()).problems).toEqual([]);
    },
  );
});

test.skipIf(isMissing(codexOnSocket))(
  "every event of a Codex session on sockets is the same on both sides, tool turns and a resumed session too",
  async () => {
    const customer = await createFundedAccount({ credits: 50 * CREDIT });
    const recorder = await startSocketRecorder(server.origin);
    const before = server.providers.seen.length;
    const commands = ["echo one > one.txt", "cat one.txt > two.txt"];
    const run = start(codexOnSocket, {
      origin: recorder.origin,
      key: customer.key,
      prompt: script(commands),
    });
    expect((await run.ended).code).toBe(0);
    expect(readFileSync(path.join(run.workspace, "two.txt"), "utf8")).toBe("one\n");
    // The session's earlier turns, and their results, are sent again.
    const prompt = script([...commands, "echo three > three.txt"]);
    const resumed = run.again(codexOnSocket.resume?.(prompt) ?? []);
    running.add(resumed);
    const { code, output } = await resumed.ended;
    expect(code, output).toBe(0);
    recorder.close();
    const turns = server.providers.seen.slice(before).filter((turn) => turn.method === "SOCKET");
    expect(turns.length).toBeGreaterThanOrEqual(4);
    const sentEvents = turns.flatMap(({ eventSha256 = [] }) => eventSha256);
    expect(recorder.recorded.toClient).toEqual(sentEvents);
    expect(recorder.recorded.fromClient).toEqual(turns.map(({ bodySha256 }) => bodySha256));
    const { rows } = await settled(customer);
    expect(rows).toHaveLength(turns.length);
    for (const row of rows)
      expect(row).toMatchObject({ endedBy: "complete", usageSource: "provider" });
    expect((await audit()).problems).toEqual([]);
  },
);

test.skipIf(isMissing(codexOnSocket))(
  "Codex opens another socket when its socket is cut in a turn, and every turn is settled",
  async () => {
    const customer = await createFundedAccount({ credits: 50 * CREDIT });
    const commands = ["echo one > one.txt", "cat one.txt > two.txt"];
    const prompt = script(commands, { cutOnce: customer.accountId });
    const run = start(codexOnSocket, { key: customer.key, prompt });
    const { code, output } = await run.ended;
    expect(code, output).toBe(0);
    expect(readFileSync(path.join(run.workspace, "two.txt"), "utf8")).toBe("one\n");
    const { rows } = await settled(customer);
    const cut = rows.filter(({ endedBy }) => endedBy === "provider_cut");
    expect(cut).toMatchObject([{ usageSource: "estimated" }]);
    expect(rows.length - cut.length).toBeGreaterThanOrEqual(3);
    const turns = server.providers.seen.filter(({ method }) => method === "SOCKET");
    expect(turns.length).toBeGreaterThanOrEqual(rows.length);
    expect((await audit()).problems).toEqual([]);
  },
);

describe("agents at the same time on 5 credits finish within them", () => {
  test.for([
    ["Claude Code", claudeCode, 4],
    ["Codex", codexOverHttp, 4],
  ] as const)("%s", async ([, agent, count], { skip }) => {
    if (isMissing(agent)) skip();
    const customer = await createFundedAccount({ credits: 5 * CREDIT });
    const prompt = script(["echo one > one.txt"], { delayMs: 2_000 });
    const runs = Array.from({ length: count }, () => start(agent, { key: customer.key, prompt }));
    for (const run of runs) {
      const { code, output } = await run.ended;
      expect(code, output).toBe(0);
      expect(existsSync(path.join(run.workspace, "one.txt")), output).toBe(true);
    }
    const { account, rows } = await settled(customer);
    expect(account.credits).toBeGreaterThanOrEqual(0);
    expect(rows.every(({ status }) => status === 200)).toBe(true);
    expect((await audit()).problems).toEqual([]);
  });
});

describe("a wrong key ends the agent with our words", () => {
  test.for(agents.map((agent) => [agent.name, agent] as const))(
    "%s",
    async ([, agent], { skip }) => {
      if (isMissing(agent)) skip();
      server.requests.length = 0;
      const key = `sk-onekey-${"a".repeat(49)}`;
      const { output, code } = await start(agent, { key, prompt: "Say hello to me." }).ended;
      expect(output).toMatch(/This is not a OneKey key/);
      expect(code).not.toBe(0);
      // Codex repeats what it does not know five times. opencode sends another request for a title.
      const requestsMax = agent.page === "codex-cli" ? 6 : agent.page === "opencode" ? 2 : 1;
      const sent = server.requests.filter((line) => line.startsWith("POST"));
      expect(sent.length, sent.join()).toBeLessThanOrEqual(requestsMax);
    },
  );
});

test.skipIf(isMissing(claudeCode))(
  "Claude Code works with a base URL that ends in /v1, which it doubles",
  async () => {
    const customer = await createFundedAccount({ credits: 50 * CREDIT });
    server.requests.length = 0;
    const agent: Agent = {
      ...claudeCode,
      prepare: (setup) => claudeCode.prepare({ ...setup, origin: `${setup.origin}/v1` }),
    };
    const { output, code } = await start(agent, { key: customer.key, prompt: script([]) }).ended;
    expect(code, output).toBe(0);
    expect(output).toContain("All is done.");
    expect(server.requests.join()).toContain("POST /v1/v1/messages");
  },
);

const claude = (prompt: string, model: string) => [...claudeCode.command(prompt), "--model", model];

describe.skipIf(isMissing(claudeCode))("Claude Code ends with our words for", () => {
  test("a model of another provider, which no provider is asked for", async () => {
    const before = server.providers.seen.length;
    const customer = await createFundedAccount({ credits: 5 * CREDIT });
    const agent = { ...claudeCode, command: (prompt: string) => claude(prompt, "gpt-6.1-sol") };
    server.requests.length = 0;
    const { output, code } = await start(agent, { key: customer.key, prompt: "Hello" }).ended;
    expect(output).toMatch(/\/v1\/(chat\/completions|responses)/);
    expect(code).not.toBe(0);
    expect(server.requests.filter((line) => line.startsWith("POST"))).toHaveLength(1);
    expect(server.providers.seen.length).toBe(before);
  });

  test("a key that is revoked in the middle of a session", async () => {
    const customer = await createFundedAccount({ credits: 50 * CREDIT });
    const before = server.providers.seen.length;
    const prompt = script(["sleep 3 && echo one > one.txt", "echo two > two.txt"]);
    const run = start(claudeCode, { key: customer.key, prompt });
    await vi.waitFor(() => expect(server.providers.seen.length).toBeGreaterThan(before), {
      timeout: 60_000,
      interval: 50,
    });
    await settled(customer);
    await regenerateKey(customer);
    const { output, code } = await run.ended;
    expect(output).toMatch(/API key is not valid/);
    expect(code).not.toBe(0);
    expect(existsSync(path.join(run.workspace, "two.txt"))).toBe(false);
  });
});
