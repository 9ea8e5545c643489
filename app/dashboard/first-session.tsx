import { CircleDollarSign, Columns2, Gauge, TerminalSquare } from "lucide-react";
import { Link } from "@/components/ui/link";
import type { ReactNode } from "react";
import { FirstSession } from "@/components/dashboard/first-session";
import { Section } from "@/components/dashboard/section";
import { Amount } from "@/components/ui/amount";
import { Badge } from "@/components/ui/badge";
import type { TrackStep } from "@/components/ui/track";
import type { Account, Project } from "@/lib/accounts/schema";
import { findModel } from "@/lib/catalog/queries";
import { formatCount, formatDuration, formatTime } from "@/lib/format";
import { costLines } from "./usage/cost-lines";
import { isError, startOfDay, type UsageRow } from "@/lib/usage/schema";
import { publicAddress } from "../public-address";
import { firstModels } from "./first-models";
import { listKeys, type KeyState } from "@/lib/keys/queries";
import { createFirstKeyAction } from "./projects/key-actions";
import { projectNames } from "./usage/projects";
import { RequestTable } from "./usage/request-table";
import { sumText } from "./usage/sum-text";

/** Whether the overview guides to a first request: until a request succeeded, and with the first one on its day. */
export function isFirstSession(rows: UsageRow[], account: Account): boolean {
  if (account.projects.length === 0) return false;
  const successes = rows.filter(({ endedBy }) => !isError(endedBy));
  if (successes.length === 0) return rows.length < 8;
  const [first, second] = successes;
  return second === undefined && first !== undefined && first.at >= startOfDay(Date.now());
}

/** The overview of an account that has yet to send its first request, or has just sent it. `rows` are its latest. */
export async function FirstSessionPanel({ account, rows }: { account: Account; rows: UsageRow[] }) {
  const first = rows.find(({ endedBy }) => !isError(endedBy));
  const states = (await listKeys({ account })).filter(({ live }) => live.length > 0);
  const project =
    account.projects.find(({ id }) => id === first?.projectId) ??
    account.projects.find(({ id }) => states.some(({ key }) => key.projectId === id)) ??
    account.projects[0];
  if (project === undefined) return null;
  const state = states.find(({ key }) => key.projectId === project.id);
  const key = state?.live.at(-1);
  return (
    <>
      <FirstSession
        project={{ id: project.id, name: project.name }}
        keyView={
          key
            ? {
                preview: key.preview,
                time: formatTime(key.createdAt),
                at: key.createdAt.getTime(),
              }
            : null
        }
        hasArrived={first !== undefined}
        steps={stepsOf({ account, key, first })}
        freeRequests={account.free.requests}
        hasCredits={account.credits > 0}
        address={await publicAddress()}
        models={firstModels(project)}
        createKey={createFirstKeyAction}
      >
        {first === undefined ? null : <FirstSum row={first} />}
      </FirstSession>
      <Section title="Recent requests">
        {rows.length === 0 ? (
          <p className="border-t border-line pt-3 text-sm text-muted">
            Your first row appears here as soon as its request ends. It has figures only. Content is
            not stored.
          </p>
        ) : (
          <RequestTable rows={rows} projectName={projectNames(account)} />
        )}
      </Section>
      {first === undefined ? null : (
        <NextSteps project={project} hasCredits={account.credits > 0} />
      )}
    </>
  );
}

function stepsOf(input: {
  account: Account;
  key: KeyState["live"][number] | undefined;
  first: UsageRow | undefined;
}): TrackStep[] {
  const { account, key, first } = input;
  const { requests } = account.free;
  const free = `${formatCount(requests)} ${requests === 1 ? "request is" : "are"} free`;
  const hasKey = key !== undefined || first !== undefined;
  return [
    {
      name: "Create a key",
      state: hasKey ? "done" : "now",
      ...(key ? { note: formatTime(key.createdAt) } : {}),
    },
    {
      name: "Send a request",
      state: first ? "done" : hasKey ? "now" : "todo",
      note: first ? formatTime(first.at) : hasKey ? "waiting" : requests > 0 ? free : undefined,
    },
    {
      name: "See its row",
      state: first ? "done" : "todo",
      note: first ? <Amount nano={first.cost} as="request" /> : "figures only, no content",
    },
    {
      name: "Add credits",
      state: account.credits > 0 ? "done" : "todo",
      note:
        account.credits > 0 ? (
          <Amount nano={account.credits} />
        ) : first && requests > 0 ? (
          `${formatCount(requests)} free left`
        ) : (
          "when you need more"
        ),
    },
  ];
}

/** "10 in × $0.10 + 10 out × $0.50, per million tokens = $0.000006". */
function FirstSum({ row }: { row: UsageRow }) {
  const sum = costLines(row);
  return (
    <div className="grid gap-4">
      <div className="grid gap-1.5">
        <h2 className="text-lg font-strong">Your first request is through</h2>
        <p className="text-muted">
          {findModel(row.model)?.name ?? row.model} responded in {formatDuration(row.latencyMs)}.
        </p>
      </div>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 tabular-nums">
        <span>
          {sum?.isExact && sum.other === 0
            ? sumText(sum)
            : `${formatCount(row.tokens.input + row.tokens.cacheRead)} tokens in, ${formatCount(row.tokens.output)} out`}
        </span>
        <span className="text-muted">=</span>
        <Amount nano={row.cost} as="request" />
        {row.free ? <Badge tone="accent">free</Badge> : null}
        <Link href={`/dashboard/usage/${row._id}`} className="link text-sm">
          Line by line
        </Link>
      </p>
    </div>
  );
}

function NextSteps({ project, hasCredits }: { project: Project; hasCredits: boolean }) {
  const steps: { name: string; text: string; href: string; icon: ReactNode }[] = [
    {
      name: "Compare models side by side",
      text: "One prompt, up to four models, with speed and cost under each.",
      href: "/dashboard/playground",
      icon: <Columns2 aria-hidden="true" />,
    },
    {
      name: "Point your tools at OneKey",
      text: "Claude Code, Codex, Gemini CLI, Cursor and the SDKs take a base URL and this key.",
      href: "/docs",
      icon: <TerminalSquare aria-hidden="true" />,
    },
    {
      name: "Set a monthly limit",
      text:
        project.limits.creditsPerMonth === undefined
          ? `${project.name} has none. A request over the limit is rejected.`
          : `${project.name} has one. A request over it is rejected.`,
      href: `/dashboard/projects/${project.id}/limits`,
      icon: <Gauge aria-hidden="true" />,
    },
    hasCredits
      ? {
          name: "See what each request costs",
          text: "Cost, tokens, latency and errors, by model, project and key.",
          href: "/dashboard/usage",
          icon: <CircleDollarSign aria-hidden="true" />,
        }
      : {
          name: "Add credits",
          text: "By card or in USDC and USDT. One credit is one dollar.",
          href: "/dashboard/credits",
          icon: <CircleDollarSign aria-hidden="true" />,
        },
  ];
  return (
    <Section title="Next">
      <ul className="grid grid-cols-2 border-t border-line max-md:grid-cols-1">
        {steps.map(({ name, text, href, icon }) => (
          <li
            key={name}
            className="relative border-b border-line py-4 odd:border-r odd:pr-4 even:pl-4 hover:bg-quiet max-md:odd:border-r-0 max-md:even:pl-0"
          >
            <Link
              href={href}
              className="flex items-center gap-2.5 font-medium after:absolute after:inset-0 [&_svg]:size-4 [&_svg]:stroke-[1.75] [&_svg]:text-muted"
            >
              {icon}
              {name}
            </Link>
            <p className="pl-6.5 text-sm text-muted">{text}</p>
          </li>
        ))}
      </ul>
    </Section>
  );
}
