import { setTimeout as sleep } from "node:timers/promises";
import { now } from "@/lib/clock";
import { readClock } from "@/lib/db/client";
import { collection } from "@/lib/db/collection";
import { newId } from "@/lib/ids";
import { processSingleton } from "@/lib/process-singleton";
import { ChannelState, CONFIRM_MS, DEAD_AFTER_MS, FORGET_MS, type Instance } from "./schema";

const instances = collection<Instance>("instances");

/** This process's name in holds and heartbeats. */
const thisInstance = processSingleton("instance", () => newId("ins"));
export const instanceId = (): string => thisInstance;

/**
 * Shows this process alive, with what it knows of the channels, for other processes and the operator's page; sets its time by
 * the database's.
 */
export async function beat({ channels }: { channels: ChannelState[] }): Promise<void> {
  await readClock();
  await instances.updateOne(
    { _id: instanceId() },
    { $set: { seenAt: new Date(now()), channels } },
    { upsert: true },
  );
}

/** Says goodbye, so that what a stopped process left is swept immediately. */
export async function leave(): Promise<void> {
  await instances.deleteOne({ _id: instanceId() });
}

/** The processes that showed themselves within the last 30 s. */
export async function liveInstances(at = now()): Promise<Set<string>> {
  const live = await instances.find({ seenAt: { $gte: new Date(at - DEAD_AFTER_MS) } }).toArray();
  return new Set(live.map((instance) => instance._id));
}

/** What each live server process knows of its channels; a process without channels is among them. */
export async function listChannelStates(at = now()): Promise<ChannelState[][]> {
  const live = await instances.find({ seenAt: { $gte: new Date(at - DEAD_AFTER_MS) } }).toArray();
  return live.map((instance) => (instance.channels ?? []).flatMap(readState));
}

/** A process of another version may report its channels in another form: they are left out. */
function readState(state: unknown): ChannelState[] {
  const parseResult = ChannelState.safeParse(state);
  return parseResult.success ? [parseResult.data] : [];
}

/** When each instance that this process looked at last showed itself, and since when by this process's own count. */
const silences = new Map<string, { seenAt: number; since: number }>();

/**
 * Those of the given instances that are dead: silent for 30 s by the database's time, and seen to stay silent for
 * two heartbeats more. A clock that is set makes every instance look silent, or a dead one alive; none is that shows itself
 * after it. Waits as long as that takes.
 */
export async function deadAmong(ids: Set<string>): Promise<Set<string>> {
  const first = await lookAt(ids);
  const wait = Math.max(0, ...[...first].map((id) => CONFIRM_MS - silentFor(id)));
  if (wait === 0) return first;
  // A timer may be early by a fraction.
  await sleep(wait + 50);
  return new Set([...(await lookAt(first))].filter((id) => silentFor(id) >= CONFIRM_MS));
}

const silentFor = (id: string): number => performance.now() - (silences.get(id)?.since ?? Infinity);

/** Looks when each instance showed itself; returns those of the given that may be dead. */
async function lookAt(ids: Set<string>): Promise<Set<string>> {
  const all = await instances.find({}).toArray();
  const lastBeats = new Map(all.map(({ _id, seenAt }) => [_id, seenAt.getTime()]));
  for (const id of silences.keys()) if (!lastBeats.has(id) && !ids.has(id)) silences.delete(id);
  for (const id of new Set([...lastBeats.keys(), ...ids])) {
    // One that said goodbye, or was forgotten, has shown itself at no time.
    const seenAt = lastBeats.get(id) ?? 0;
    if (silences.get(id)?.seenAt !== seenAt) silences.set(id, { seenAt, since: performance.now() });
  }
  const at = now();
  return new Set([...ids].filter((id) => Math.abs(at - (lastBeats.get(id) ?? 0)) > DEAD_AFTER_MS));
}

/** Forgets instances that have been dead for an hour. */
export async function forgetDead(): Promise<void> {
  for (const [id, { seenAt, since }] of silences)
    if (now() - seenAt > FORGET_MS && performance.now() - since >= CONFIRM_MS)
      await instances.deleteOne({ _id: id, seenAt: new Date(seenAt) });
}

const ANSWER_WITHIN_MS = 2_000;

/** Whether the database responds in time to admit a request. */
export async function canServe(): Promise<boolean> {
  const late = new Promise<false>((resolve) =>
    setTimeout(resolve, ANSWER_WITHIN_MS, false).unref(),
  );
  const answer = instances.findOne({ _id: instanceId() });
  return Promise.race([
    answer.then(
      () => true,
      () => false,
    ),
    late,
  ]);
}
