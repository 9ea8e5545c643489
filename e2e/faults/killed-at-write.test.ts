import { writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { stopAll } from "../support/processes";
import { messageWith, chat, countReceived } from "../support/shared-deployment";
import { Deployment } from "../support/deployment";

afterAll(stopAll);

const preload = pathToFileURL(path.join(import.meta.dirname, "die-at-write.mjs")).href;

/** The steps of a request that costs credits, by its writes: the hold, its row, its settling. */
const steps = [
  { dies: "after 1", reaches: 0, held: 1, row: "interrupted", answered: false },
  { dies: "before 2", reaches: 1, held: 1, row: "interrupted", answered: true },
  { dies: "after 2", reaches: 1, held: 1, row: "complete", answered: true },
  { dies: "after 3", reaches: 1, held: 0, row: "complete", answered: true },
] as const;

test("a server killed around each write: the sweep leaves no hold and one row each", async () => {
  const flags: Record<string, string> = {};
  const deployment = await Deployment.open(
    [],
    {},
    async (name, dataDir): Promise<Record<string, string>> => {
      if (name === "database") return {};
      flags[name] = path.join(dataDir, `die-${name.replace(" ", "-")}`);
      return { NODE_OPTIONS: `--import=${preload}`, ONEKEY_TEST_DIE: flags[name] ?? "" };
    },
  );
  const results = [];
  for (const { dies, reaches, held: holds, answered: hasResponse } of steps) {
    await deployment.addServer(dies);
    const customer = await deployment.operator.createCustomer({ credits: "20" });
    await deployment.spendFreeRequests(customer.email);
    const before = await countReceived();
    await writeFile(flags[dies] ?? "", dies);
    const body = {
      model: "gpt-6-luna",
      max_tokens: 40,
      stream: true,
      messages: [messageWith({ chunks: 3, chunkDelayMs: 10 })],
    };
    const came = await chat(deployment.origin(dies), customer.key, body)
      .then((response) => response.text())
      .catch(() => "");
    expect(await deployment.died(dies), dies).toBe("SIGKILL");
    if (hasResponse) expect(came, dies).toContain("data:");
    else expect(came, dies).toBe("");
    expect((await countReceived()) - before, dies).toBe(reaches);
    expect(await deployment.holds(customer.email), dies).toHaveLength(holds);
    results.push(customer);
  }
  // As if the instances had been silent for a minute, so that the sweep need not be waited for.
  await deployment.age(60_000);
  await Promise.all([deployment.operator.onekey("sweep"), deployment.operator.onekey("sweep")]);
  for (const [i, { email }] of results.entries()) {
    const step = steps[i];
    const rows = await deployment.usage(email);
    expect(
      rows.map(({ endedBy }) => endedBy),
      step?.dies,
    ).toEqual([step?.row]);
    expect(
      rows.every(({ endedBy, cost }) => (endedBy === "complete" ? cost > 0 : cost === 0)),
      step?.dies,
    ).toBe(true);
    expect(await deployment.holds(email), step?.dies).toEqual([]);
  }
  expect(await deployment.operator.auditProblems()).toEqual([]);
  await deployment.close();
});
