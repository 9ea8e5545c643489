import type { Metadata } from "next";
import { AccountLimitsForm } from "@/components/dashboard/account-limits-form";
import { PageHeader } from "@/components/dashboard/page-header";
import { Section } from "@/components/dashboard/section";
import { Link } from "@/components/ui/link";
import { Panel } from "@/components/ui/panel";
import { ACCOUNT_SCOPE } from "@/lib/accounts/schema";
import { requireMember } from "@/lib/auth/member";
import * as clock from "@/lib/clock";
import { isAllowed } from "@/lib/teams/permissions";
import { listAlerts } from "@/lib/limit-alerts/queries";
import { limitTexts, usedNotes } from "../../projects/limit-texts";
import { setAccountLimitsAction } from "../limit-actions";
import { SettingsTabs } from "../tabs";
import { AlertSwitches } from "./alert-switches";
import { AlertsTable } from "./alerts-table";
import { ErrorExample } from "./error-example";
import { limitRows } from "./limit-rows";
import { LimitsTable } from "./limits-table";

export const metadata: Metadata = { title: "Limits" };

const ALERTS_SHOWN = 20;

export default async function LimitsPage() {
  const { account, role } = await requireMember("limits:view", "/dashboard/settings/limits");
  const now = clock.now();
  const canManage = isAllowed(role, "limits:manage");
  const limits = account.limits ?? {};
  const scope = { scope: ACCOUNT_SCOPE, kind: "account" as const, name: "", limits };
  const [rows, notes, alerts] = await Promise.all([
    limitRows(account, now),
    usedNotes({ account, scope, now }),
    listAlerts({ accountId: account._id, limit: ALERTS_SHOWN }),
  ]);
  return (
    <>
      <PageHeader
        title="Settings"
        line="Every limit is hard: it is checked in the write that holds credits, so parallel requests cannot exceed it. A request that does not fit is refused and not charged."
      />
      <SettingsTabs current="/dashboard/settings/limits" viewerRole={role} />
      <LimitsTable rows={rows} viewerRole={role} now={now} />
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-7 lg:grid-cols-[minmax(0,1fr)_360px]">
        <Section
          title="Alerts sent"
          action={
            isAllowed(role, "integrations:view") ? (
              <Link href="/dashboard/settings/webhooks" className="link text-sm">
                Deliveries
              </Link>
            ) : null
          }
        >
          <AlertsTable alerts={alerts} />
        </Section>
        <AlertSwitches account={account} canManage={canManage} />
      </div>
      <ErrorExample rows={rows} now={now} />
      {canManage ? (
        <div id="account-limits" className="max-w-2xl scroll-mt-5">
          <Panel title="Limits of the account">
            <AccountLimitsForm
              action={setAccountLimitsAction}
              values={limitTexts(limits)}
              notes={notes}
            />
          </Panel>
        </div>
      ) : null}
    </>
  );
}
