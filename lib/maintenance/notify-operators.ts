import { now } from "@/lib/clock";
import { env } from "@/lib/env";
import { channelStates } from "@/lib/gateway/upstream/channel-states";
import {
  claimChannelNotice,
  closeChannelNotice,
  keepChannelNotice,
} from "@/lib/instances/channel-notices";
import type { ChannelState } from "@/lib/instances/schema";
import { errorName, log } from "@/lib/log";
import { providerName } from "@/lib/providers";
import { problemText } from "@/lib/providers/problems";

const RETRY_MS = 60_000;

const store = globalThis as typeof globalThis & {
  /** The channels whose stop this process has seen, and when it may try the notice again; Infinity once it is sent. */
  __onekeyChannelNotices?: Map<string, number>;
};

/**
 * Mails the operators when a channel is stopped because of our credential or account: once for each episode, whichever
 * instances see it. Called with each heartbeat.
 */
export async function notifyOperators(): Promise<void> {
  const seen = (store.__onekeyChannelNotices ??= new Map());
  for (const state of channelStates()) {
    const retryAt = seen.get(state.id);
    if (state.stopped === null) {
      if (retryAt === undefined) continue;
      await closeChannelNotice(state.id);
      seen.delete(state.id);
    } else if (retryAt === Infinity) {
      await keepChannelNotice(state.id);
    } else if (retryAt === undefined || retryAt <= performance.now()) {
      seen.set(state.id, (await openEpisode(state)) ? Infinity : performance.now() + RETRY_MS);
    }
  }
}

/** False where the notice could not be sent, so that it is tried again. */
async function openEpisode({ id, provider, stopped }: ChannelState): Promise<boolean> {
  const problem = stopped?.problem ?? "";
  if (!(await claimChannelNotice({ channel: id, problem }))) return true;
  try {
    await mailOperators({ id, provider, problem });
    return true;
  } catch (error) {
    log.error("channel.notice_failed", { channel: id, error: errorName(error) });
    await closeChannelNotice(id);
    return false;
  }
}

async function mailOperators({
  id,
  provider,
  problem,
}: {
  id: string;
  provider: string;
  problem: string;
}): Promise<void> {
  // Loaded only when it is needed: requests are served without a mail client.
  const { emailConfigured, sendEmail } = await import("@/lib/email/send");
  const { message } = await import("@/lib/email/message");
  if (!emailConfigured()) return;
  const name = providerName(provider);
  const { description, advice } = problemText(problem);
  for (const to of env().operatorEmails)
    await sendEmail({
      to,
      subject: `${name} is stopped on channel ${id}`,
      ...message({
        heading: `${name} is stopped on channel ${id}`,
        paragraphs: [
          `${name} rejected a request of this server: ${description} ${advice}`,
          "No request is sent through this channel. One is tried every 5 to 15 minutes, and the channel is used again when it succeeds. Requests use the other credentials of this provider, if there are any.",
        ],
        facts: [
          { name: "Channel", value: id },
          { name: "Since", value: new Date(now()).toISOString() },
        ],
        action: {
          label: "Open the operator's page",
          url: `${env().nextauthUrl}/dashboard/operator`,
        },
        reason: "This email is sent to the addresses in OPERATOR_EMAILS.",
      }),
    });
}
