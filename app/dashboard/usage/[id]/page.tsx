import type { Metadata } from "next";
import { notFound } from "next/navigation";
import Link from "next/link";
import type { ReactNode } from "react";
import { Facts, type FactRow } from "@/components/dashboard/facts";
import { PageHeader } from "@/components/dashboard/page-header";
import { requireAccount } from "@/lib/auth/session";
import { formatCredits } from "@/lib/money";
import { formatCount, formatDay, formatDuration, formatTime } from "@/lib/format";
import { findOwnRow } from "@/lib/usage/rows";
import { DAY_MS, RETENTION_DAYS, type UsageRow } from "@/lib/usage/schema";
import { Ending } from "../endings";
import { projectNames } from "../projects";
import { Cost } from "../request-table";

export const metadata: Metadata = { title: "Request" };

/** The complete usage row of one request. */
export default async function RequestPage({ params }: PageProps<"/dashboard/usage/[id]">) {
  const account = await requireAccount("/dashboard/usage");
  const row = await findOwnRow({ accountId: account._id, requestId: (await params).id });
  if (!row) notFound();
  const expires = new Date(row.at.getTime() + RETENTION_DAYS * DAY_MS);
  return (
    <>
      <PageHeader
        title="Request"
        line={`This is the complete row. It has no field for content. It is deleted on ${formatDay(expires)}.`}
        back={{ href: "/dashboard/usage", name: "Usage" }}
      />
      <Facts facts={factsOf(row, projectNames(account)(row.projectId))} />
    </>
  );
}

const code = (text: string) => <code className="font-mono">{text}</code>;

function factsOf(row: UsageRow, projectName: string): FactRow[] {
  const { tokens } = row;
  const facts: [string, ReactNode][] = [
    ["Request id", code(row._id)],
    ["Time (UTC)", `${formatDay(row.at)} ${formatTime(row.at)}`],
    ["Project", projectName],
    ["Model", code(row.model)],
    ["Provider", row.provider],
    ["Channel", code(row.channel)],
    ["Endpoint", code(row.endpoint)],
    ["Streamed", row.stream ? "yes" : "no"],
    ["Status", row.status === 0 ? "no response" : row.status],
    ["Ended", <Ending key="ended" row={row} />],
    ["Input tokens", formatCount(tokens.input)],
    ["Cache read tokens", formatCount(tokens.cacheRead)],
    ["Cache write tokens, 5 minutes", formatCount(tokens.cacheWrite5m)],
    ["Cache write tokens, 1 hour", formatCount(tokens.cacheWrite1h)],
    [
      "Output tokens",
      `${formatCount(tokens.output)}, of these ${formatCount(tokens.reasoning)} for reasoning`,
    ],
    ["Usage", row.usageSource === "provider" ? "as the provider states it" : estimatedText(row)],
    ["Cost", <Cost key="cost" row={row} />],
    ["Cost in credits", code(formatCredits(row.free ? 0 : row.cost))],
    ["Latency", formatDuration(row.latencyMs)],
    ["First byte", row.firstByteMs === null ? "none" : formatDuration(row.firstByteMs)],
  ];
  return facts.map(([name, value]) => ({ name, value }));
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
        : "A response that ends by itself states its usage."}{" "}
      <Link
        href="/docs/billing#when-a-stream-says-nothing-of-its-usage"
        prefetch={false}
        className="link"
      >
        How it is counted
      </Link>
    </span>
  );
}
