import { SettingSwitch } from "@/components/dashboard/setting-switch";
import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { isTeam, type Account } from "@/lib/accounts/schema";
import { topicsOf, wantsEmail } from "@/lib/email/mail-topics";
import { emailConfigured } from "@/lib/email/send";
import { formatUsd } from "@/lib/format";
import type { Role } from "@/lib/teams/schema";
import type { MailTopic, User } from "@/lib/users/schema";
import { chooseEmailsAction } from "./email-actions";
import { EMAIL_TITLES } from "./email-titles";

/** Which mails about the account the person gets: a switch for each topic that their role can get mails of. */
export function Emails({ account, user, role }: { account: Account; user: User; role: Role }) {
  const { _id: accountId, alert } = account;
  const isShared = isTeam(account);
  const topics = topicsOf(role).filter((topic) => isShared || topic !== "members");
  return (
    <Panel
      id="emails"
      title={
        <span className="wrap-anywhere">
          Emails about {isShared ? account.name : "this account"}
        </span>
      }
      action={
        <span className="min-w-0 text-right text-sm wrap-anywhere text-muted">to {user.email}</span>
      }
      footer={
        <span>
          Always sent: a leaked key, a sign-in method that was linked or unlinked, a new owner, a
          failed automatic top-up, a disabled webhook endpoint.
        </span>
      }
    >
      <div className="grid gap-3.5 [&>*+*]:border-t [&>*+*]:border-line [&>*+*]:pt-3.5">
        {emailConfigured() ? null : (
          <Notice tone="warning">
            This server is not set up to send email, so none of these is sent.
          </Notice>
        )}
        {topics.map((topic) => (
          <SettingSwitch
            key={topic}
            action={chooseEmailsAction}
            setting={topic}
            title={EMAIL_TITLES[topic]}
            isOn={wantsEmail(user, { accountId, topic })}
            canManage
          >
            <TopicText topic={topic} threshold={alert?.threshold ?? null} />
          </SettingSwitch>
        ))}
      </div>
    </Panel>
  );
}

function TopicText({ topic, threshold }: { topic: MailTopic; threshold: number | null }) {
  switch (topic) {
    case "receipts":
      return "Once per purchase, with the receipt, and once per refund.";
    case "low_balance":
      return (
        <>
          {threshold === null
            ? "No amount is set, so none is sent."
            : `Below ${formatUsd(threshold)}, once until the balance is above it again.`}{" "}
          <Link href="/dashboard/settings/limits" className="link">
            Limits and spikes
          </Link>{" "}
          have their own list.
        </>
      );
    case "key_expiry":
      return "7 days before, only for keys that you created.";
    case "models":
      return "A model that was used in the last 30 days retires or becomes more expensive.";
    case "members":
      return "Somebody joins, leaves or changes role.";
    default:
      return topic satisfies never;
  }
}
