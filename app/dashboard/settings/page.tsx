import { DocumentLink } from "@/components/ui/link";
import { Download } from "lucide-react";
import type { Metadata } from "next";
import { SettingsGroup } from "@/components/dashboard/settings-group";
import { PageHeader } from "@/components/dashboard/page-header";
import { buttonStyle } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { isTeam, type Account } from "@/lib/accounts/schema";
import { dashboardPath, requireMember } from "@/lib/auth/member";
import { currentSession } from "@/lib/auth/session";
import { emailConfigured } from "@/lib/email/send";
import { formatCount, formatUsd } from "@/lib/format";
import { isAllowed } from "@/lib/teams/permissions";
import { listSessions } from "@/lib/sessions/queries";
import { RETENTION_DAYS } from "@/lib/usage/schema";
import { AlertForm } from "./alert-form";
import { ExactUsage } from "./exact-usage";
import { Emails } from "./emails";
import { DeleteAccount } from "./delete-account";
import { LinkSearch } from "./link-search";
import { Methods } from "./methods";
import { ProfileForm } from "./profile-form";
import { SettingsTabs } from "./tabs";
import { TeamForm } from "./team-form";
import { Sessions } from "./sessions";

export const metadata: Metadata = { title: "Settings" };

const PAGE = "/dashboard/settings";
const EXPORT = `${PAGE}/export`;

export default async function SettingsPage({ searchParams }: PageProps<"/dashboard/settings">) {
  const { account, user, role } = await requireMember("account:view", PAGE);
  const { alert, credits } = account;
  const { email, name } = user;
  const isShared = isTeam(account);
  const [session, sessions] = [await currentSession(), await listSessions(user._id)];
  return (
    <>
      <PageHeader
        title="Settings"
        line={
          isShared
            ? `Your sign-in and emails, and what applies to all of ${account.name}.`
            : "Your profile, sessions and emails, and your data."
        }
      />
      <SettingsTabs current={PAGE} viewerRole={role} />
      <SettingsGroup title="You" text="The same in every account you belong to.">
        <ProfileForm name={name} email={email} />
        <Methods
          user={user}
          current={sessions.find(({ _id }) => _id === session?.sessionId)?.method}
          page={await dashboardPath(PAGE)}
          search={LinkSearch.parse(await searchParams)}
        />
        <Sessions sessions={sessions} current={session?.sessionId ?? ""} />
        <Emails account={account} user={user} role={role} />
      </SettingsGroup>
      <SettingsGroup
        title={isShared ? account.name : "This account"}
        text={
          isShared
            ? "For everyone in this account. Owners and admins can change it."
            : "Your personal account."
        }
      >
        {isShared ? (
          <TeamForm
            name={account.name}
            accountId={account._id}
            canManage={isAllowed(role, "account:manage")}
          />
        ) : null}
        {isAllowed(role, "limits:manage") ? (
          <AlertForm
            email={isShared ? "owners, admins and billing members who want it" : email}
            threshold={alert === undefined ? null : formatUsd(alert.threshold).slice(1)}
            below={alert !== undefined && credits < alert.threshold}
            mail={emailConfigured()}
          />
        ) : null}
        <ExactUsage account={account} role={role} />
        {isAllowed(role, "account:manage") ? <ExportPanel /> : null}
        {isAllowed(role, "ownership:manage") ? (
          <DeletePanel account={account} email={email} />
        ) : null}
      </SettingsGroup>
    </>
  );
}

function ExportPanel() {
  return (
    <Panel
      title="Export"
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
        Account, projects and limits, sessions, wallets, the complete ledger, every usage row of the
        last {RETENTION_DAYS} days and the daily totals. It contains no requests and no responses,
        because they are never stored.
      </p>
    </Panel>
  );
}

function DeletePanel({ account, email }: { account: Account; email: string }) {
  const isShared = isTeam(account);
  return (
    <Panel
      title={isShared ? `Delete ${account.name}` : "Delete account"}
      footer={
        <>
          <span>
            {isShared
              ? "Only an owner can do this. Keys are disabled as soon as you confirm."
              : "Keys are disabled as soon as you confirm."}
          </span>
          <DeleteAccount
            subject={isShared ? account.name : "your account"}
            confirmation={isShared ? account.name : email}
            consequences={consequencesOf(account)}
          />
        </>
      }
    >
      <p>
        {isShared
          ? "Its name, projects, keys, members and billing details are erased. Amounts, dates and counts are kept for accounting, under a number that no longer identifies anybody."
          : "Your name, addresses, sign-in methods, projects, wallets and billing details are erased. Amounts, dates and counts are kept for accounting, under a number that no longer identifies you."}
      </p>
    </Panel>
  );
}

function consequencesOf(account: Account): string[] {
  const { keys: digests, credits, holds } = account;
  const isShared = isTeam(account);
  const keys = digests?.length ?? 0;
  const owner = isShared ? "Its" : "Your";
  return [
    `${keys === 0 ? "No key is in use" : keys === 1 ? `${owner} key is disabled immediately` : `${owner} ${formatCount(keys)} keys are disabled immediately`}, and ${isShared ? "every member loses access" : "every browser is signed out"}.`,
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
    `Usage rows are kept without ${isShared ? "a" : "your"} name until they are ${RETENTION_DAYS} days old.`,
    isShared
      ? "The personal accounts of its members are not affected."
      : "Signing in again with the same address creates a new account without free requests. Debt and suspension also apply to the new account.",
  ];
}
