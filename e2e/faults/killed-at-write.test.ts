import { writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { stopAll } from "../support/processes";
import { ask, chat, received } from "../support/deployment";
import { House } from "./house";

afterAll(stopAll);

const preload = pathToFileURL(path.join(import.meta.dirname, "die-at-write.mjs")).href;

/** The steps of a request that costs credits, by its writes: the hold, its row, its settling. */
const steps = [
  { dies: "after 1", reaches: 0, held: 1, row: "interrupted", answered: false },
  { dies: "before 2", reaches: 1, held: 1, row: "interrupted", answered: true },
  { dies: "after 2", reaches: 1, held: 1, row: "complete", answered: true },
  { dies: "after 3", reaches: 1, held: 0, row: "complete", answered: true },
] as const;

test("a server killed before or after each write of a request: the sweep leaves no hold, one row each, and books that balance", async () => {
  const flags: Record<string, string> = {};
  const house = await House.open([], {}, async (name, dataDir): Promise<Record<string, string>> => {
    if (name === "database") return {};
    flags[name] = path.join(dataDir, `die-${name.replace(" ", "-")}`);
    return { NODE_OPTIONS: `--import=${preload}`, ONEKEY_TEST_DIE: flags[name] ?? "" };
  });
  const left = [];
  for (const { dies, reaches, held, answered } of steps) {
    await house.addServer(dies);
    const customer = await house.customer("20");
    await house.spendFreeRequests(customer.email);
    const before = await received();
    await writeFile(flags[dies] ?? "", dies);
    const body = {
      model: "gpt-4o-mini",
      max_tokens: 40,
      stream: true,
      messages: [ask({ chunks: 3, chunkDelayMs: 10 })],
    };
    const came = await chat(house.origin(dies), customer.key, body)
      .then((answer) => answer.text())
      .catch(() => "");
    expect(await house.died(dies), dies).toBe("SIGKILL");
    if (answered) expect(came, dies).toContain("data:");
    else expect(came, dies).toBe("");
    expect((await received()) - before, dies).toBe(reaches);
    expect(await house.holds(customer.email), dies).toHaveLength(held);
    left.push(customer);
  }
  // As if the instances had been silent for a minute, so that the sweep need not be waited for.
  await house.age(60_000);
  await Promise.all([house.onekey("sweep"), house.onekey("sweep")]);
  for (const [i, { email }] of left.entries()) {
    const step = steps[i];
    const rows = await house.usage(email);
    expect(
      rows.map(({ endedBy }) => endedBy),
      step?.dies,
    ).toEqual([step?.row]);
    expect(
      rows.every(({ endedBy, cost }) => (endedBy === "complete" ? cost > 0 : cost === 0)),
      step?.dies,
    ).toBe(true);
    expect(await house.holds(email), step?.dies).toEqual([]);
  }
  expect(await house.problems()).toEqual([]);
  await house.close();
}, 120_000);
