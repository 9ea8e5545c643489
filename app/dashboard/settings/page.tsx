import { DocumentLink } from "@/components/ui/link";
import { Download } from "lucide-react";
import type { Metadata } from "next";
import { PageHeader } from "@/components/dashboard/page-header";
import { buttonStyle } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { isTeam, type Account } from "@/lib/accounts/schema";
import { requireMember } from "@/lib/auth/member";
import { currentSession } from "@/lib/auth/session";
import { emailConfigured } from "@/lib/email/send";
import { formatCount, formatUsd } from "@/lib/format";
import { isAllowed } from "@/lib/teams/permissions";
import { listSessions } from "@/lib/sessions/queries";
import { RETENTION_DAYS } from "@/lib/usage/schema";
import { AlertForm } from "./alert-form";
import { DeleteAccount } from "./delete-account";
import { Methods } from "./methods";
import { ProfileForm } from "./profile-form";
import { SettingsTabs } from "./tabs";
import { Sessions } from "./sessions";

export const metadata: Metadata = { title: "Settings" };

const EXPORT = "/dashboard/settings/export";

export default async function SettingsPage() {
  const { account, user, role } = await requireMember("account:view", "/dashboard/settings");
  const { alert, credits } = account;
  const { email, name } = user;
  const [session, sessions] = [await currentSession(), await listSessions(user._id)];
  return (
    <>
      <PageHeader title="Settings" line="Your profile, your sessions, and your data." />
      <SettingsTabs current="/dashboard/settings" />
      <div className="grid max-w-4xl grid-cols-[minmax(0,1fr)] gap-5">
        <ProfileForm name={name} email={email} />
        <Methods user={user} hasLinks={emailConfigured()} />
        <Sessions sessions={sessions} current={session?.sessionId ?? ""} />
        {isAllowed(role, "limits:manage") ? (
          <AlertForm
            email={email}
            threshold={alert === undefined ? null : formatUsd(alert.threshold).slice(1)}
            below={alert !== undefined && credits < alert.threshold}
            mail={emailConfigured()}
            alertEmails={account.alertEmails !== false}
          />
        ) : null}
        {isAllowed(role, "account:manage") ? (
          <Panel
            title="Your data"
            footer={
              <>
                <span>
                  One JSON file. It contains no keys and no tokens, because they are not stored.
                </span>
                <DocumentLink href={EXPORT} className={buttonStyle()}>
                  <Download aria-hidden="true" />
                  Export everything
                </DocumentLink>
              </>
            }
          >
            <p>
              Account, projects and limits, sessions, wallets, the complete ledger, every usage row
              of the last {RETENTION_DAYS} days and the daily totals. It contains no requests and no
              responses, because they are never stored.
            </p>
          </Panel>
        ) : null}
        {isAllowed(role, "ownership:manage") ? (
          <Panel
            title="Delete account"
            footer={
              <>
                <span>Keys are disabled as soon as you confirm.</span>
                <DeleteAccount
                  confirmation={isTeam(account) ? account.name : email}
                  consequences={consequencesOf(account)}
                />
              </>
            }
          >
            <p>
              Your name, addresses, sign-in methods, projects, wallets and billing details are
              erased. Amounts, dates and counts are kept for accounting, under a number that no
              longer identifies you.
            </p>
          </Panel>
        ) : null}
      </div>
    </>
  );
}

function consequencesOf({ keys: digests, credits, holds }: Account): string[] {
  const keys = digests?.length ?? 0;
  return [
    `${keys === 0 ? "No key is in use" : keys === 1 ? "Your key is disabled immediately" : `Your ${formatCount(keys)} keys are disabled immediately`}, and every browser is signed out.`,
    ...(credits > 0
      ? [
          `The ${formatUsd(credits)} that is left is forfeited. Request a refund first if you want it back.`,
        ]
      : []),
    holds.length === 0
      ? "No request is running."
      : holds.length === 1
        ? "One request that is running can finish and is charged."
        : `${formatCount(holds.length)} requests that are running can finish and are charged.`,
    `Usage rows are kept without your name until they are ${RETENTION_DAYS} days old.`,
    "Signing in again with the same address creates a new account without free requests. Debt and suspension also apply to the new account.",
  ];
}
