import { CircleCheck, Rss, TriangleAlert } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { IncidentArticle } from "@/components/status/incident";
import { StatusRefresh } from "@/components/status/refresh";
import { StripLegend } from "@/components/status/strip";
import { PageHead, SitePage } from "@/components/site/page";
import { buttonStyle } from "@/components/ui/button";
import { formatDay, formatTime } from "@/lib/format";
import { Cooldowns } from "./cooldowns";
import { OwnRows, ProviderRows } from "./health-rows";
import { LatencyTable } from "./latency";
import { StatusSection } from "./section";
import { statusReport, type StatusReport } from "./report";
import { incidentView } from "./views";

export const metadata: Metadata = {
  title: "Status",
  description:
    "Whether OneKey is operational, and how the four providers respond, from the usage rows of all customers.",
  alternates: {
    canonical: "/status",
    types: { "application/atom+xml": [{ url: "/status/feed.xml", title: "OneKey incidents" }] },
  },
};

export default async function StatusPage() {
  const report = await statusReport();
  const { health, incidents, figuresAt, cooldowns } = report;
  const [open, past] = [
    incidents.filter(({ endedAt }) => endedAt === null),
    incidents.filter(({ endedAt }) => endedAt !== null),
  ];
  return (
    <SitePage>
      <div className="wrap">
        <PageHead title="Status">
          Whether OneKey is operational, and how the four providers respond, computed from the usage
          rows of all customers. Only incidents are written by hand.
        </PageHead>
        <div className="grid grid-cols-[minmax(0,1fr)] gap-14 pb-24">
          <StatusSummary report={report} />
          {open.length > 0 ? (
            <StatusSection title="Now">
              <div>
                {open.map((incident) => (
                  <IncidentArticle key={incident._id} incident={incidentView(incident)} />
                ))}
              </div>
            </StatusSection>
          ) : null}
          {figuresAt === null ? (
            <p className="text-muted">The figures of the providers are not available now.</p>
          ) : (
            <>
              <StatusSection title="OneKey">
                <OwnRows
                  api={health.find(({ subject }) => subject === "onekey")}
                  payments={report.payments}
                  ready={report.ready}
                />
              </StatusSection>
              <StatusSection title="Providers">
                <ProviderRows health={health.filter(({ subject }) => subject !== "onekey")} />
                <StripLegend />
              </StatusSection>
              <StatusSection title="Latency, last 24 hours">
                <LatencyTable health={health} />
              </StatusSection>
              <StatusSection title="Cooldowns now">
                <Cooldowns cooldowns={cooldowns} />
              </StatusSection>
            </>
          )}
          <StatusSection
            title="Incidents"
            action={
              <Link
                href="/status/feed.xml"
                prefetch={false}
                className={buttonStyle({ variant: "secondary", size: "sm" })}
              >
                <Rss aria-hidden="true" />
                Feed
              </Link>
            }
          >
            {past.length === 0 ? (
              <p className="text-base text-muted">No incident has been recorded.</p>
            ) : (
              <div>
                {past.map((incident) => (
                  <IncidentArticle key={incident._id} incident={incidentView(incident)} />
                ))}
              </div>
            )}
          </StatusSection>
          <StatusSection title="How this is counted">
            <div className="grid gap-x-10 gap-y-4 text-base md:grid-cols-2">
              <p>
                Success: requests that a provider answered, out of those sent to it. An error about
                the request, such as a 400, counts as answered. A 429, a 5xx, a timeout or a stream
                that was interrupted does not. With fewer than 20 requests a bar is gray.
              </p>
              <p>
                Latency: from the arrival of the request to the first byte of the response, as
                OneKey measured it. Only streamed requests count. What OneKey adds: from the arrival
                of a request until its credits are held, the arrival of its body included. Payments:
                those credited, out of those paid. The same figures as JSON:{" "}
                <Link href="/status.json" prefetch={false} className="link">
                  /status.json
                </Link>
                .
              </p>
            </div>
          </StatusSection>
        </div>
      </div>
    </SitePage>
  );
}

function StatusSummary({ report: { summary, at, figuresAt } }: { report: StatusReport }) {
  const good = summary.level === "up";
  const stale = figuresAt !== null && at.getTime() - figuresAt.getTime() > 60_000;
  return (
    <div
      className={`flex items-center gap-4 rounded-lg border px-6 py-5 max-md:flex-wrap max-md:px-4 ${good ? "border-line" : "border-transparent bg-warning-quiet"}`}
    >
      {good ? (
        <CircleCheck aria-hidden="true" className="size-5.5 text-success" />
      ) : (
        <TriangleAlert aria-hidden="true" className="size-5.5 text-warning" />
      )}
      <div className="min-w-0 flex-1">
        <h2 className="text-lg font-strong">{summary.title}</h2>
        <p className="text-base text-muted">
          {summary.text}
          {stale ? ` The figures below are of ${formatTime(figuresAt)} UTC.` : null}
        </p>
      </div>
      <p className="text-right text-sm text-muted tabular-nums max-md:w-full max-md:text-left">
        {formatDay(at)}, {formatTime(at)} UTC
        <br />
        <StatusRefresh />
      </p>
    </div>
  );
}
