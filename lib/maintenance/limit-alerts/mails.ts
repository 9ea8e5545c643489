import { pageAddress } from "@/lib/accounts/page-address";
import { endOfWindow } from "@/lib/accounts/windows";
import { isTeam, type Account, type CapWindow } from "@/lib/accounts/schema";
import { message } from "@/lib/email/message";
import { sendToMembers } from "@/lib/email/send-to-members";
import { formatDay, formatMoment, formatTime, formatUsd } from "@/lib/format";
import type { SpikeAlert } from "./spikes";
import type { ThresholdAlert } from "./thresholds";

const WINDOW_NAMES: Record<CapWindow, string> = {
  requests: "requests a minute",
  tokens: "tokens a minute",
  day: "day",
  week: "week",
  month: "month",
  total: "limit in total",
};

const LIMITS_PAGE = "/dashboard/settings/limits";

/** The team that a mail is about, next to the mark. */
const teamOf = (account: Account) => (isTeam(account) ? { team: account.name } : {});

const toLimiters = (account: Account) => ({ account, permission: "limits:manage" as const });

/** Mails that a part of a limit is used, and returns to how many people. `heldCredits` are nano-credits of open requests that count against it. */
export async function mailThreshold(input: {
  account: Account;
  alert: ThresholdAlert;
  heldCredits: number;
}): Promise<number> {
  const { account, alert, heldCredits } = input;
  const { scope, name, window, percent, used: charge, limit, at } = alert;
  const owner = scope === "account" ? "Your account" : `The ${scope} "${name}"`;
  const reset = endOfWindow(window, at.getTime());
  const period = window === "total" ? "in total" : `a ${WINDOW_NAMES[window]}`;
  const isReached = percent === 100;
  const status = reset === null ? 402 : 429;
  const next = percent === 50 ? "80%" : "100%";
  const subject = isReached
    ? `${owner} has reached its ${WINDOW_NAMES[window]} limit`
    : `${owner} has used ${percent}% of its ${WINDOW_NAMES[window]} limit`;
  const page = pageAddress(account, LIMITS_PAGE);
  return sendToMembers(toLimiters(account), {
    subject,
    ...message({
      heading: subject,
      ...teamOf(account),
      paragraphs: [
        isReached
          ? `Too little is left for a request that was sent. A request that does not fit is refused with status ${status} and not charged.`
          : `Requests are not affected yet. At 100% a request that does not fit is refused with status ${status} and not charged.`,
      ],
      usedPercent: ((charge + heldCredits) / limit) * 100,
      facts: [
        { name: `Limit, ${period}`, value: formatUsd(limit, 6) },
        { name: "Charged", value: formatUsd(-charge, 6) },
        { name: "Held for open requests", value: formatUsd(-heldCredits, 6) },
        {
          name: "Left",
          value: formatUsd(Math.max(0, limit - charge - heldCredits), 6),
          strong: true,
        },
        {
          name: "Resets",
          value: reset === null ? "never" : `${formatDay(new Date(reset))}, 00:00 UTC`,
        },
      ],
      action: { label: "Open limits", url: page },
      notes: [
        `${formatMoment(at)}. You get this once${isReached ? "" : `; the next one is at ${next}`}.`,
      ],
      reason: `This email is sent at 50, 80 and 100% of each credit limit. Change alerts: ${page}`,
    }),
  });
}

/** Mails that an hour costs far more than usual, and returns to how many people. */
export async function mailSpike(input: {
  account: Account;
  alert: SpikeAlert;
  projectId: string;
}): Promise<number> {
  const { account, alert, projectId } = input;
  const { name, used: usage, usual, hour } = alert;
  return sendToMembers(toLimiters(account), {
    subject: `The project "${name}" spends more than usual`,
    ...message({
      heading: "An hour costs more than usual",
      ...teamOf(account),
      paragraphs: [
        `The project "${name}" was charged ${formatUsd(usage)} since ${formatTime(hour).slice(0, 5)} UTC. The same hour usually costs ${formatUsd(usual)}.`,
        "An alert changes nothing. Only a limit stops requests.",
      ],
      facts: [
        { name: "This hour", value: formatUsd(usage), strong: true },
        { name: "Usual hour", value: formatUsd(usual) },
      ],
      action: {
        label: "Open usage",
        url: pageAddress(account, `/dashboard/usage?project=${projectId}`),
      },
      reason: `This email is sent at most once a day and project, for an hour above four times the usual and at least $1.00. Change alerts: ${pageAddress(account, LIMITS_PAGE)}`,
    }),
  });
}
