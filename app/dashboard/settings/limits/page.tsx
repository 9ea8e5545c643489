import type { Metadata } from "next";
import { AccountLimitsForm } from "@/components/dashboard/account-limits-form";
import { AlertEmailsForm } from "@/components/dashboard/alert-emails-form";
import { PageHeader } from "@/components/dashboard/page-header";
import { Section } from "@/components/dashboard/section";
import { Panel } from "@/components/ui/panel";
import { ACCOUNT_SCOPE, isTeam } from "@/lib/accounts/schema";
import { requireMember } from "@/lib/auth/member";
import * as clock from "@/lib/clock";
import { isAllowed } from "@/lib/teams/permissions";
import { listAlerts } from "@/lib/limit-alerts/queries";
import { limitTexts, usedNotes } from "../../projects/limit-texts";
import { setAccountLimitsAction, setAlertEmailsAction } from "../limit-actions";
import { SettingsTabs } from "../tabs";
import { AlertsTable } from "./alerts-table";
import { LimitsTable } from "./limits-table";

export const metadata: Metadata = { title: "Limits" };

const ALERTS_SHOWN = 20;

export default async function LimitsPage() {
  const { account, user, role } = await requireMember("limits:view", "/dashboard/settings/limits");
  const now = clock.now();
  const limits = account.limits ?? {};
  const scope = { scope: ACCOUNT_SCOPE, kind: "account" as const, name: "", limits };
  const [notes, alerts] = await Promise.all([
    usedNotes({ account, scope, now }),
    listAlerts({ accountId: account._id, limit: ALERTS_SHOWN }),
  ]);
  return (
    <>
      <PageHeader
        title="Settings"
        line="Every limit is hard: it is checked in the write that holds credits, so parallel requests cannot exceed it. A request that does not fit is refused and not charged."
      />
      <SettingsTabs current="/dashboard/settings/limits" />
      <LimitsTable account={account} now={now} />
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-7 lg:grid-cols-2">
        <Panel title="Limits of the account">
          <AccountLimitsForm
            action={setAccountLimitsAction}
            values={limitTexts(limits)}
            notes={notes}
          />
        </Panel>
        <Section title="Alerts">
          {isAllowed(role, "limits:manage") ? (
            <AlertEmailsForm
              action={setAlertEmailsAction}
              receiver={isTeam(account) ? "the members who manage limits" : user.email}
              isOn={account.alertEmails !== false}
            />
          ) : null}
          <AlertsTable alerts={alerts} />
        </Section>
      </div>
    </>
  );
}
