import { execFileSync } from "node:child_process";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { stopAll } from "../support/processes";
import { messageWith, chat, countReceived } from "../support/shared-deployment";
import { Deployment } from "../support/deployment";

afterAll(stopAll);

const CLIENTS = 6;

/** To the database process, the disk is full from here on, or has room again: no file of its may grow. */
function setFull(house: Deployment, full: boolean): void {
  execFileSync("prlimit", [
    "--pid",
    String(house.database?.child.pid),
    `--fsize=${full ? 4_096 : "unlimited"}:`,
  ]);
}

/** Waits until the log was moved into LMDB, so that the disk does not fill up in the middle of that. */
async function untilMoved(house: Deployment): Promise<void> {
  const logs = async () =>
    (await readdir(path.join(house.dataDir, "sandbox"))).filter((name) =>
      name.startsWith("changes-"),
    );
  const before = await logs();
  for (let i = 0; i < 200 && (await logs()).some((name) => before.includes(name)); i++)
    await sleep(50);
}

test.skipIf(process.platform !== "linux")(
  "a database whose disk is full under load: refused in clear words, nothing acknowledged is lost, and served again once there is room",
  async () => {
    const house = await Deployment.open(["a"]);
    const origin = house.origin("a");
    const customers = await Promise.all(
      Array.from({ length: 3 }, () => house.operator.createCustomer({ credits: "20" })),
    );
    const before = await countReceived();
    const ended = { answered: 0, refused: 0 };
    const strange: unknown[] = [];
    let running = true;
    const load = Array.from({ length: CLIENTS }, async (_, i) => {
      for (let n = 0; running; n++) {
        const stream = n % 2 === 0;
        const messages = [messageWith(stream ? { chunks: 10, chunkDelayMs: 30 } : {})];
        const body = { model: "gpt-4o-mini", max_tokens: 40, stream, messages };
        const answer = await chat(origin, customers[i % customers.length]?.key ?? "", body);
        const text = await answer.text();
        if (answer.status === 200 && (!stream || text.includes("[DONE]"))) ended.answered++;
        else if (
          answer.status === 503 &&
          answer.headers.has("retry-after") &&
          /database is full/.test(text)
        ) {
          ended.refused++;
          await sleep(20);
        } else strange.push([answer.status, text.slice(0, 200)]);
      }
    });
    /** Waits, however slow the machine is, until the load has seen so many more of these. */
    const untilMore = async (kind: keyof typeof ended, count: number) => {
      const goal = ended[kind] + count;
      while (ended[kind] < goal && strange.length === 0) await sleep(20);
    };
    const health = async () => [
      (await fetch(`${origin}/api/health`)).status,
      (await fetch(`${origin}/api/health/ready`)).status,
    ];
    const readyAfterMs: number[] = [];
    for (const killed of [false, true]) {
      await untilMore("answered", 12);
      await untilMoved(house);
      setFull(house, true);
      await untilMore("refused", 25);
      expect(await health()).toEqual([200, 503]);
      if (killed) {
        // While there is no database at all, requests are told so in other words.
        running = false;
        await Promise.all(load);
        await house.stopDatabase("SIGKILL");
        await house.startDatabase();
      } else setFull(house, false);
      const startedAt = performance.now();
      while ((await health())[1] !== 200) await sleep(20);
      readyAfterMs.push(Math.round(performance.now() - startedAt));
    }
    for (const { email } of customers)
      for (let i = 0; i < 150 && (await house.holds(email)).length > 0; i++) await sleep(200);
    const rows = (await Promise.all(customers.map(({ email }) => house.usage(email)))).flat();
    expect(strange).toEqual([]);
    expect(ended.answered).toBeGreaterThan(20);
    expect(ended.refused).toBeGreaterThan(20);
    expect((await Promise.all(customers.map(({ email }) => house.holds(email)))).flat()).toEqual(
      [],
    );
    expect(await house.operator.auditProblems()).toEqual([]);
    // What reached a provider was charged or released; what did not has no row but that of a hold that was let go.
    const reached = (await countReceived()) - before;
    expect(rows.filter(({ endedBy }) => endedBy !== "interrupted")).toHaveLength(reached);
    expect(reached).toBe(ended.answered);
    console.log(
      `${ended.answered} answered, ${ended.refused} refused while the disk was full, ready again ${readyAfterMs.join(" and ")} ms ` +
        `after there was room; ${rows.length - reached} holds released`,
    );
    await house.close();
  },
  240_000,
);
