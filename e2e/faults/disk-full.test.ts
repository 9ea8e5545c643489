import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { stopAll } from "../support/processes";
import { messageWith, chat, countReceived } from "../support/shared-deployment";
import { Deployment } from "../support/deployment";

afterAll(stopAll);

const CLIENTS = 6;

/**
 * From here on the disk is full to the database process, or has space again. A full one takes what overwrites the 12 bytes of the
 * commit mark in place, and no other file.
 */
function setFull(deployment: Deployment, full: boolean): void {
  execFileSync("prlimit", [
    "--pid",
    String(deployment.database?.child.pid),
    `--fsize=${full ? 64 : "unlimited"}:`,
  ]);
}

test.skipIf(process.platform !== "linux")(
  "a full disk under load refuses in clear words, loses nothing acknowledged, and recovers",
  async () => {
    const deployment = await Deployment.open(["a"]);
    const origin = deployment.origin("a");
    const customers = await Promise.all(
      Array.from({ length: 3 }, () => deployment.operator.createCustomer({ credits: "20" })),
    );
    const before = await countReceived();
    const outcomes = { answered: 0, refused: 0 };
    const strange: unknown[] = [];
    let running = true;
    const load = Array.from({ length: CLIENTS }, async (_, i) => {
      for (let n = 0; running; n++) {
        const stream = n % 2 === 0;
        const messages = [messageWith(stream ? { chunks: 10, chunkDelayMs: 30 } : {})];
        const body = { model: "gpt-6-luna", max_tokens: 40, stream, messages };
        const answer = await chat(origin, customers[i % customers.length]?.key ?? "", body);
        const text = await answer.text();
        if (answer.status === 200 && (!stream || text.includes("[DONE]"))) outcomes.answered++;
        else if (
          answer.status === 503 &&
          answer.headers.has("retry-after") &&
          /database is full/.test(text)
        ) {
          outcomes.refused++;
          await sleep(20);
        } else strange.push([answer.status, text.slice(0, 200)]);
      }
    });
    /** Waits, however slow the machine is, until the load has seen so many more of these. */
    const untilMore = async (kind: keyof typeof outcomes, count: number) => {
      const goal = outcomes[kind] + count;
      while (outcomes[kind] < goal && strange.length === 0) await sleep(20);
    };
    const health = async () => [
      (await fetch(`${origin}/api/health`)).status,
      (await fetch(`${origin}/api/health/ready`)).status,
    ];
    const readyAfterMs: number[] = [];
    for (const isKilled of [false, true]) {
      await untilMore("answered", 12);
      setFull(deployment, true);
      await untilMore("refused", 25);
      expect(await health()).toEqual([200, 503]);
      if (isKilled) {
        // While there is no database at all, requests are refused in other words.
        running = false;
        await Promise.all(load);
        await deployment.stopDatabase("SIGKILL");
        await deployment.startDatabase();
      } else setFull(deployment, false);
      const startedAt = performance.now();
      while ((await health())[1] !== 200) await sleep(20);
      readyAfterMs.push(Math.round(performance.now() - startedAt));
    }
    for (const { email } of customers) await expect.poll(() => deployment.holds(email)).toEqual([]);
    const rows = (await Promise.all(customers.map(({ email }) => deployment.usage(email)))).flat();
    expect(strange).toEqual([]);
    expect(outcomes.answered).toBeGreaterThan(20);
    expect(outcomes.refused).toBeGreaterThan(20);
    expect(
      (await Promise.all(customers.map(({ email }) => deployment.holds(email)))).flat(),
    ).toEqual([]);
    expect(await deployment.operator.auditProblems()).toEqual([]);
    // What reached a provider was charged or released; what did not has no row but that of a hold that was let go.
    const providerCount = (await countReceived()) - before;
    expect(rows.filter(({ endedBy }) => endedBy !== "interrupted")).toHaveLength(providerCount);
    expect(providerCount).toBe(outcomes.answered);
    console.log(
      `${outcomes.answered} answered, ${outcomes.refused} refused while the disk was full, ready again ${readyAfterMs.join(" and ")} ms ` +
        `after the disk had space; ${rows.length - providerCount} holds released`,
    );
    await deployment.close();
  },
);
