import type { Metadata } from "next";
import { Link } from "@/components/ui/link";
import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { Facts, type FactRow } from "@/components/dashboard/facts";
import { PageHeader } from "@/components/dashboard/page-header";
import { Amount } from "@/components/ui/amount";
import { buttonStyle } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { FigureStrip } from "@/components/ui/figure-strip";
import { Panel } from "@/components/ui/panel";
import { requireMember } from "@/lib/auth/member";
import { findModel } from "@/lib/catalog/queries";
import { formatCount, formatDay, formatSeconds, formatTime } from "@/lib/format";
import { providerName } from "@/lib/providers";
import { listKeys } from "@/lib/keys/queries";
import type { ApiKey } from "@/lib/keys/schema";
import { findNeighbors, findOwnRow } from "@/lib/usage/rows";
import { DAY_MS, RETENTION_DAYS, type UsageRow } from "@/lib/usage/schema";
import { costLines } from "../cost-lines";
import { Ending } from "../endings";
import { cachedTokens, totalTokens } from "../measures";
import { projectNames } from "../projects";
import { CostTable } from "./cost-table";
import { HeldAndCharged } from "./held-and-charged";
import { LimitsApplied } from "./limits";
import { Timing } from "./timing";
import { WhyEnded } from "./why-ended";

export const metadata: Metadata = { title: "Request" };

/** One request: what it cost, line by line, how long it took, why it ended, and the complete row. */
export default async function RequestPage({ params }: PageProps<"/dashboard/usage/[id]">) {
  const { account } = await requireMember("usage:view", "/dashboard/usage");
  const row = await findOwnRow({ accountId: account._id, requestId: (await params).id });
  if (!row) notFound();
  const sum = costLines(row);
  const project = account.projects.find(({ id }) => id === row.projectId);
  const keys = (await listKeys({ account, projectId: row.projectId })).map(({ key }) => key);
  return (
    <>
      <PageHeader
        title={`Request of ${formatDay(row.at)}, ${formatTime(row.at)}`}
        line={
          <span className="flex items-center gap-1">
            <code className="font-mono text-sm wrap-anywhere">{row._id}</code>
            <CopyButton text={row._id} subject="request id" />
          </span>
        }
        back={{ href: "/dashboard/usage", name: "Usage" }}
        action={<Neighbors row={row} />}
      />
      <WhyEnded row={row} />
      <Figures row={row} />
      {sum?.isExact && (sum.lines.length > 0 || sum.other > 0) ? (
        <CostTable row={row} sum={sum} />
      ) : null}
      <HeldAndCharged row={row} />
      <Timing row={row} />
      <LimitsApplied row={row} account={account} />
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-7 lg:grid-cols-2">
        <Panel title="Model">
          <Facts facts={modelFacts(row)} />
        </Panel>
        <Panel title="Request">
          <Facts
            facts={requestFacts(row, {
              projectName: projectNames(account)(row.projectId),
              projectId: project?.id,
              key: keys.find(({ _id }) => _id === row.keyId),
            })}
          />
        </Panel>
      </div>
      <p className="flex flex-wrap justify-between gap-x-6 gap-y-1 rounded-lg border border-line bg-quiet px-4 py-3 text-sm text-muted">
        <span className="font-mono">
          {["system", "messages", "tools", "files", "response"].map((name) => (
            <s key={name} className="mr-2">
              {name}
            </s>
          ))}
        </span>
        <span>This is the complete row. It has no such field.</span>
      </p>
    </>
  );
}

/** Links to the request before and the one after, of the account. */
async function Neighbors({ row }: { row: UsageRow }) {
  const { newer, older } = await findNeighbors(row);
  const link = (name: string, id: string | null) =>
    id === null ? (
      <span aria-disabled="true" className={buttonStyle({ size: "sm" })}>
        {name}
      </span>
    ) : (
      <Link
        href={`/dashboard/usage/${id}`}
        prefetch={false}
        className={buttonStyle({ size: "sm" })}
      >
        {name}
      </Link>
    );
  return (
    <>
      {link("Newer", newer)}
      {link("Older", older)}
    </>
  );
}

function Figures({ row }: { row: UsageRow }) {
  const { tokens, latencyMs, firstByteMs } = row;
  const input = tokens.input + cachedTokens(tokens);
  const cachePercent = input === 0 ? 0 : Math.round((tokens.cacheRead / input) * 100);
  return (
    <FigureStrip
      figures={[
        {
          term: "Cost",
          figure: <Amount nano={row.free ? 0 : row.cost} />,
          note: row.free
            ? "paid by a free request"
            : row.usageSource === "provider"
              ? `usage stated by ${providerName(row.provider)}`
              : "estimated, see below",
        },
        {
          term: "Total time",
          figure: formatSeconds(latencyMs),
          note:
            firstByteMs === null
              ? "no byte came back"
              : `first byte after ${formatSeconds(firstByteMs)}`,
        },
        {
          term: "Tokens",
          figure: formatCount(totalTokens(tokens)),
          note:
            cachePercent > 0 ? `${cachePercent}% of the input was cached` : "no input was cached",
        },
        {
          term: "Ended",
          figure:
            row.endedBy === "complete" ? (
              "complete"
            ) : (
              <span className="text-base">
                <Ending row={row} />
              </span>
            ),
          note: row.status === 0 ? "no response" : `status ${row.status}`,
        },
      ]}
    />
  );
}

const code = (text: string) => <code className="font-mono">{text}</code>;
const factRows = (facts: [string, ReactNode][]): FactRow[] =>
  facts.map(([name, value]) => ({ name, value }));

function modelFacts(row: UsageRow): FactRow[] {
  const model = findModel(row.model);
  const modelLink =
    model === null ? (
      code(row.model)
    ) : (
      <Link href={`/models/${model.id}`} prefetch={false} className="link">
        {code(row.model)}
      </Link>
    );
  return factRows([
    ["Asked for", modelLink],
    ["Served", row.servedModel ? code(row.servedModel) : "the same"],
    ["Provider", providerName(row.provider)],
    ["Channel", code(row.channel)],
    ["Usage", row.usageSource === "provider" ? "as the provider states it" : estimatedText(row)],
  ]);
}

interface RequestOwner {
  projectName: string;
  /** Undefined for a deleted project. */
  projectId: string | undefined;
  key: ApiKey | undefined;
}

function requestFacts(row: UsageRow, { projectName, projectId, key }: RequestOwner): FactRow[] {
  const expires = new Date(row.at.getTime() + RETENTION_DAYS * DAY_MS);
  return factRows([
    ["Received", `${formatDay(row.at)}, ${row.at.toISOString().slice(11, 23)} UTC`],
    ["Endpoint", code(row.endpoint)],
    ["Streamed", row.stream ? "yes" : "no"],
    [
      "Project",
      projectId === undefined ? (
        projectName
      ) : (
        <Link
          key="project"
          href={`/dashboard/projects/${projectId}`}
          prefetch={false}
          className="link"
        >
          {projectName}
        </Link>
      ),
    ],
    [
      "Key",
      key === undefined ? (
        (row.keyId ?? "not recorded")
      ) : (
        <span key="key" className="wrap-anywhere">
          {key.name} <code className="font-mono">{key.secrets.at(-1)?.preview}</code>
        </span>
      ),
    ],
    ["Row is deleted", formatDay(expires)],
  ]);
}

/** What was counted where the provider stated no usage, and how to be billed exactly. */
function estimatedText({ endpoint, stream, endedBy }: UsageRow): ReactNode {
  const isChatStream = endpoint === "chat.completions" && stream && endedBy === "complete";
  return (
    <span key="estimated" className="block max-w-prose">
      estimated: the provider stated none, so the texts of the request and every visible character
      of the response were counted, never above what was held.{" "}
      {isChatStream
        ? "Send stream_options.include_usage, or switch on exact stream usage for the project, to be billed exactly."
        : "A response that runs to its end states its usage."}{" "}
      <Link href="/docs/estimates#how-an-estimate-is-counted" prefetch={false} className="link">
        How it is counted
      </Link>
    </span>
  );
}
