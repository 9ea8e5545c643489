import { SettingSwitch } from "@/components/dashboard/setting-switch";
import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { isTeam, type Account } from "@/lib/accounts/schema";
import { emailConfigured } from "@/lib/email/send";
import { setLimitAlertsAction } from "../limit-actions";

/** Which alerts are sent, and to whom. */
export function AlertSwitches({ account, canManage }: { account: Account; canManage: boolean }) {
  const { mutedAlerts = [], email } = account;
  return (
    <Panel
      title="When to send one"
      footer={<span>An alert changes nothing. Only a limit stops requests.</span>}
    >
      <div className="grid gap-3.5 [&>*+*]:border-t [&>*+*]:border-line [&>*+*]:pt-3.5">
        <SettingSwitch
          action={setLimitAlertsAction}
          setting="threshold"
          canManage={canManage}
          title="At 50, 80 and 100%"
          isOn={!mutedAlerts.includes("threshold")}
        >
          Of every credit limit above, once for each crossing.
        </SettingSwitch>
        <SettingSwitch
          action={setLimitAlertsAction}
          setting="spike"
          canManage={canManage}
          title="Spike"
          isOn={!mutedAlerts.includes("spike")}
        >
          An hour of a project above 4 times the usual one, and at least $1.00.
        </SettingSwitch>
        <div className="grid gap-1">
          <span>By email to</span>
          <p className="text-sm wrap-anywhere text-muted">
            {isTeam(account) ? "Owners, admins and billing members" : email}
          </p>
          {emailConfigured() ? null : (
            <Notice tone="warning">
              This server is not set up to send email, so no alert is mailed.
            </Notice>
          )}
          <p className="text-sm text-muted">
            Both switches are about email.{" "}
            <Link href="/dashboard/settings/webhooks" className="link">
              Webhooks
            </Link>{" "}
            get the alerts that they subscribe to.
          </p>
        </div>
      </div>
    </Panel>
  );
}
