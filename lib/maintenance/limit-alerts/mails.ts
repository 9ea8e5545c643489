import { pageAddress } from "@/lib/accounts/page-address";
import { endOfWindow } from "@/lib/accounts/windows";
import type { Account, CapWindow } from "@/lib/accounts/schema";
import { message } from "@/lib/email/message";
import { sendToMembers } from "@/lib/email/send-to-members";
import { formatDay, formatTime, formatUsd } from "@/lib/format";
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

const toLimiters = (account: Account) => ({ account, permission: "limits:manage" as const });

/** Mails that a part of a limit is used. */
export async function mailThreshold(input: {
  account: Account;
  alert: ThresholdAlert;
}): Promise<void> {
  const { account, alert } = input;
  const { scope, name, window, percent, used: usage, limit, at } = alert;
  const owner = scope === "account" ? "Your account" : `The ${scope} "${name}"`;
  const reset = endOfWindow(window, at.getTime());
  const remaining = Math.max(0, limit - usage);
  await sendToMembers(toLimiters(account), {
    subject:
      percent === 100
        ? `${owner} has reached its ${WINDOW_NAMES[window]} limit`
        : `${owner} has used ${percent}% of its ${WINDOW_NAMES[window]} limit`,
    ...message({
      heading: percent === 100 ? "A limit is reached" : `${percent}% of a limit is used`,
      paragraphs: [
        percent === 100
          ? `${owner} has too little left for a request that was sent. Requests that do not fit are refused and not charged.`
          : `${owner} has been charged ${formatUsd(usage)} of ${formatUsd(limit)}. Requests are served until the limit is reached.`,
      ],
      facts: [
        { name: "Limit", value: `${formatUsd(limit)} (${WINDOW_NAMES[window]})` },
        { name: "Charged", value: formatUsd(usage) },
        { name: "Left", value: formatUsd(remaining), strong: true },
        {
          name: "Resets",
          value: reset === null ? "never" : `${formatDay(new Date(reset))}, 00:00 UTC`,
        },
      ],
      action: { label: "Open limits", url: pageAddress(account, "/dashboard/settings/limits") },
      reason: "This email is sent once for 50, 80 and 100% of each credit limit in each window.",
    }),
  });
}

/** Mails that an hour costs far more than usual. */
export async function mailSpike(input: {
  account: Account;
  alert: SpikeAlert;
  projectId: string;
}): Promise<void> {
  const { account, alert, projectId } = input;
  const { name, used: usage, usual, hour } = alert;
  await sendToMembers(toLimiters(account), {
    subject: `The project "${name}" spends more than usual`,
    ...message({
      heading: "An hour costs more than usual",
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
      reason:
        "This email is sent at most once a day and project, for an hour above four times the usual and at least $1.00.",
    }),
  });
}
