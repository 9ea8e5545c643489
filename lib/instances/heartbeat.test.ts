import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { now } from "@/lib/clock";
import { collection } from "@/lib/db/collection";
import { beat, deadAmong, forgetDead, instanceId, liveInstances } from "./heartbeat";
import { CONFIRM_MS, type Instance } from "./schema";

const HOUR_MS = 3_600_000;

useOwnDatabase();

test("only an instance that stays silent is dead, whatever its clock says", async () => {
  const instances = collection<Instance>("instances");
  const show = (_id: string, ms: number) =>
    instances.updateOne({ _id }, { $set: { seenAt: new Date(now() + ms) } }, { upsert: true });
  await beat({ channels: [] });
  await show("ins_alive", 0);
  await show("ins_silent", -2 * HOUR_MS);
  await show("ins_silent_in_the_future", 3 * HOUR_MS);
  await show("ins_beats_behind", -3 * HOUR_MS);
  await show("ins_beats_ahead", 3 * HOUR_MS);
  const beats = setInterval(() => {
    void show("ins_beats_behind", -3 * HOUR_MS);
    void show("ins_beats_ahead", 3 * HOUR_MS);
  }, 3_000);
  const suffixes = [
    "alive",
    "silent",
    "silent_in_the_future",
    "beats_behind",
    "beats_ahead",
    "unknown",
  ];
  const dead = await deadAmong(new Set([instanceId(), ...suffixes.map((name) => `ins_${name}`)]));
  clearInterval(beats);
  expect([...dead].toSorted()).toEqual(["ins_silent", "ins_silent_in_the_future", "ins_unknown"]);
  // What was seen to be silent is not waited for again, and forgotten after an hour.
  const confirmation = sleep(CONFIRM_MS, "waited for the confirmation", { ref: false });
  expect(await Promise.race([deadAmong(new Set(["ins_silent"])), confirmation])).toEqual(
    new Set(["ins_silent"]),
  );
  await forgetDead();
  expect(await instances.findOne({ _id: "ins_silent" })).toBeNull();
  expect(await instances.findOne({ _id: "ins_alive" })).not.toBeNull();
  expect((await liveInstances()).has(instanceId())).toBe(true);
}, 30_000);
