import { now } from "@/lib/clock";
import { collection } from "@/lib/db/collection";
import { isDuplicate } from "@/lib/errors";

/** A notice to the operators that a channel is stopped; kept while any instance sees it stopped. */
type ChannelNotice = { _id: string; problem: string; at: Date; seenAt: Date };

/** An episode that no instance has seen for this long is over. */
const EPISODE_GAP_MS = 30 * 60_000;

const notices = collection<ChannelNotice>("channelNotices");

/** Opens an episode. True for the one instance that has to send the notice; the others only keep it open. */
export async function claimChannelNotice({
  channel,
  problem,
}: {
  channel: string;
  problem: string;
}): Promise<boolean> {
  const at = new Date(now());
  try {
    const { modifiedCount, upsertedCount } = await notices.updateOne(
      { _id: channel, seenAt: { $lt: new Date(at.getTime() - EPISODE_GAP_MS) } },
      { $set: { problem, at, seenAt: at } },
      { upsert: true },
    );
    return modifiedCount + upsertedCount > 0;
  } catch (error) {
    // The notice is there, and its episode is still open.
    if (!isDuplicate(error)) throw error;
    await keepChannelNotice(channel);
    return false;
  }
}

/** Keeps an episode open while the channel is stopped. */
export async function keepChannelNotice(channel: string): Promise<void> {
  await notices.updateOne({ _id: channel }, { $set: { seenAt: new Date(now()) } });
}

/** Ends an episode: the channel works again, or the notice could not be sent. */
export async function closeChannelNotice(channel: string): Promise<void> {
  await notices.deleteOne({ _id: channel });
}
