import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDirect } from "../client/direct-connection";
import { socketPathOf } from "../client/location";
import { exitOf, useServerProcesses } from "../testing/server-process";
import { checkDirectory } from "./check-directory";
import { openStore } from "./document-store";

const ROUNDS = process.env.ONEKEY_TEST_LONG === "1" ? 40 : 6;
const { serve } = useServerProcesses();
let base: string;

beforeAll(() => {
  base = mkdtempSync(path.join(tmpdir(), "onekey-crash-"));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

async function valuesOf(dir: string): Promise<Map<number, number>> {
  const store = await openStore(dir);
  const records = [...(store.collections.get("d.things")?.byId.values() ?? [])];
  await store.journal.close();
  return new Map(records.map(({ doc }) => [doc._id as number, doc.n as number]));
}

test(
  `kill -9 at any moment of ${ROUNDS} compactions loses nothing that was acknowledged`,
  { timeout: 240_000 },
  async () => {
    const dir = path.join(base, "compacting");
    const acknowledgedValues = new Map<number, number>();
    for (let round = 0; round < ROUNDS; round++) {
      const { child, output } = await serve(dir).catch(() => serve(dir));
      expect(output).toBe("ready");
      const direct = openDirect(socketPathOf(dir));
      direct.isOpen();
      await expect.poll(() => direct.isOpen(), { interval: 2 }).toBe(true);
      let running = true;
      let writeCount = 0;
      const stop = () => (running = false);
      const writers = Array.from({ length: 4 }, async (_, writer) => {
        for (let i = 0; running; i++) {
          const [_id, n] = [writer * 1_000 + (i % 300), round * 100_000 + i];
          const updates = [{ q: { _id }, u: { $set: { n, text: "x".repeat(300) } }, upsert: true }];
          const reply = await direct.run({ update: "things", updates, $db: "d" }).catch(stop);
          if (typeof reply !== "object" || reply.ok !== 1) continue;
          acknowledgedValues.set(_id, n);
          writeCount++;
        }
      });
      const compactor = (async () => {
        while (running) await direct.run({ embeddedCompact: 1, $db: "admin" }).catch(stop);
      })();
      await expect.poll(() => writeCount, { interval: 5, timeout: 20_000 }).toBeGreaterThan(50);
      await sleep((round * 37) % 90);
      child.kill("SIGKILL");
      await exitOf(child);
      await Promise.all([...writers, compactor]);
      direct.close();
      expect(checkDirectory(dir).damages).toEqual([]);
      const values = await valuesOf(dir);
      // A write that was in progress may have been applied: then the value is a later one.
      for (const [id, n] of acknowledgedValues)
        expect(values.get(id), `document ${id}`).toBeGreaterThanOrEqual(n);
      for (const [id, n] of values) acknowledgedValues.set(id, n);
    }
    expect(acknowledgedValues.size).toBeGreaterThan(50);
  },
);

test("what an interrupted checkpoint leaves is ignored and removed", async () => {
  const dir = path.join(base, "compacting");
  const valuesBefore = await valuesOf(dir);
  const copy = path.join(base, "leftovers");
  cpSync(dir, copy, { recursive: true, filter: (name) => !/\.(sock|pid)$/.test(name) });
  const leftovers = ["segment-000000999998.data", "changes-000000999999.log", "manifest.json.new"];
  for (const name of leftovers) writeFileSync(path.join(copy, name), "an incomplete file");
  expect(checkDirectory(copy).damages).toEqual([]);
  expect(await valuesOf(copy)).toEqual(valuesBefore);
  expect(readdirSync(copy).filter((name) => leftovers.includes(name))).toEqual([]);
});
