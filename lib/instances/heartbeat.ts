import { collection } from "@/lib/db/client";
import { newId } from "@/lib/ids";
import { DEAD_AFTER_MS, type ChannelState, type Instance } from "./schema";

const store = globalThis as typeof globalThis & { __onekeyInstance?: string };

/** This process's name in holds and heartbeats. */
export function instanceId(): string {
  store.__onekeyInstance ??= newId("ins");
  return store.__onekeyInstance;
}

/** Shows this process alive, with what it knows of the channels, for other processes and the operator's page. */
export async function beat({ channels, now = new Date() }: { channels: ChannelState[]; now?: Date }): Promise<void> {
  const instances = await collection<Instance>("instances");
  await instances.updateOne({ _id: instanceId() }, { $set: { seenAt: now, channels } }, { upsert: true });
}

/** Says goodbye, so that what a stopped process left is swept at once. */
export async function leave(): Promise<void> {
  await (await collection<Instance>("instances")).deleteOne({ _id: instanceId() });
}

/** The processes that showed themselves within the last 30 s. */
export async function liveInstances(now: number): Promise<Set<string>> {
  const instances = await collection<Instance>("instances");
  await instances.deleteMany({ seenAt: { $lt: new Date(now - 3_600_000) } });
  const live = await instances.find({ seenAt: { $gte: new Date(now - DEAD_AFTER_MS) } }).toArray();
  return new Set(live.map((instance) => instance._id));
}

/** What each live server process knows of its channels; a process without channels is among them. */
export async function listChannelStates(now: number): Promise<ChannelState[][]> {
  const instances = await collection<Instance>("instances");
  const live = await instances.find({ seenAt: { $gte: new Date(now - DEAD_AFTER_MS) } }).toArray();
  return live.map((instance) => instance.channels ?? []);
}

const ANSWER_WITHIN_MS = 2_000;

/** Whether the database answers in time to admit a request. */
export async function canServe(): Promise<boolean> {
  const late = new Promise<false>((resolve) => setTimeout(resolve, ANSWER_WITHIN_MS, false).unref());
  const answer = collection<Instance>("instances").then((instances) => instances.findOne({ _id: instanceId() }));
  return Promise.race([
    answer.then(
      () => true,
      () => false,
    ),
    late,
  ]);
}
