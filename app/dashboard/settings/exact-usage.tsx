import { Suspense } from "react";
import { SettingSwitch } from "@/components/dashboard/setting-switch";
import { Link } from "@/components/ui/link";
import { Panel } from "@/components/ui/panel";
import { Table, Sub, Td, Th } from "@/components/ui/table";
import type { Account } from "@/lib/accounts/schema";
import * as clock from "@/lib/clock";
import { env } from "@/lib/env";
import { formatCount } from "@/lib/format";
import { isAllowed } from "@/lib/teams/permissions";
import type { Role } from "@/lib/teams/schema";
import { countChatStreams, STREAM_ROWS_MAX } from "@/lib/usage/chat-streams";
import { setDefaultExactUsageAction, setProjectExactUsageAction } from "./exact-usage-actions";

/** Exact usage of chat streams: what new projects begin with, and each project's switch with its streams of the month. */
export function ExactUsage({ account, role }: { account: Account; role: Role }) {
  const isIncluded = env().streamUsage === "include";
  return (
    <Panel
      bare
      title="Exact usage of streams"
      footer={
        <span>
          Takes effect with the next request. A request can choose for itself with{" "}
          <code>x-onekey-exact-usage: 1</code>.
        </span>
      }
    >
      <div className="p-4">
        <SettingSwitch
          action={setDefaultExactUsageAction}
          setting="default"
          title="On for new projects"
          isOn={account.exactStreamUsage ?? isIncluded}
          canManage={isAllowed(role, "account:manage")}
        >
          A chat stream states its usage only if the request asks for it. Off: the request is passed
          through unchanged, and the cost is{" "}
          <Link href="/docs/estimates" prefetch={false} className="link">
            estimated
          </Link>{" "}
          and marked so. On: OneKey adds <code>stream_options.include_usage</code> and removes the
          extra chunk from the response, so the cost is exact.
        </SettingSwitch>
      </div>
      {account.projects.length === 0 ? null : (
        <Suspense fallback={<ProjectTable account={account} role={role} counts={null} />}>
          <CountedTable account={account} role={role} />
        </Suspense>
      )}
    </Panel>
  );
}

type ProjectStreams = Awaited<ReturnType<typeof countChatStreams>>;

/** The table with its figures, which are read after the rest of the page. */
async function CountedTable({ account, role }: { account: Account; role: Role }) {
  const counts = await countChatStreams({ accountId: account._id, since: startOfMonth() });
  return <ProjectTable account={account} role={role} counts={counts} />;
}

function startOfMonth(): Date {
  const now = new Date(clock.now());
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth()));
}

const MONTH = new Intl.DateTimeFormat("en-US", { month: "long", timeZone: "UTC" });

function ProjectTable({
  account,
  role,
  counts,
}: {
  account: Account;
  role: Role;
  counts: ProjectStreams | null;
}) {
  const isIncluded = env().streamUsage === "include";
  const figure = (projectId: string, name: "streams" | "estimated") =>
    counts === null ? "…" : formatCount(counts.byProject.get(projectId)?.[name] ?? 0);
  return (
    <>
      <Table caption="Exact usage by project">
        <thead>
          <tr>
            <Th>Project</Th>
            <Th num>
              Chat streams
              <Sub className="font-normal">{MONTH.format(startOfMonth())}</Sub>
            </Th>
            <Th num>Estimated</Th>
            <Th num>Exact usage</Th>
          </tr>
        </thead>
        <tbody>
          {account.projects.map(({ id, name, exactStreamUsage }) => (
            <tr key={id}>
              <Td className="wrap-anywhere">{name}</Td>
              <Td num>{figure(id, "streams")}</Td>
              <Td num>{figure(id, "estimated")}</Td>
              <Td num>
                <SettingSwitch
                  isCompact
                  action={setProjectExactUsageAction}
                  setting={id}
                  title={`Exact usage, ${name}`}
                  isOn={exactStreamUsage ?? isIncluded}
                  canManage={isAllowed(role, "projects:manage")}
                />
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
      {counts?.isCut ? (
        <p className="px-4 py-2.5 text-sm text-muted">
          Of the latest {formatCount(STREAM_ROWS_MAX)} requests of the account.
        </p>
      ) : null}
    </>
  );
}
