import { CircleAlert, TrendingUp, TriangleAlert } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import type { CapWindow } from "@/lib/accounts/schema";
import { formatCents, formatMoment, formatTime, formatUsd } from "@/lib/format";
import type { LimitAlert } from "@/lib/limit-alerts/schema";

const WINDOWS: Record<CapWindow, string> = {
  requests: "requests",
  tokens: "tokens",
  day: "day",
  week: "week",
  month: "month",
  total: "in total",
};

/** The alerts of the account, the newest first. */
export function AlertsTable({ alerts }: { alerts: LimitAlert[] }) {
  if (alerts.length === 0)
    return (
      <p className="text-muted">
        None in the last 90 days. An alert appears here when it is sent, with the limit or the hour
        that it is about.
      </p>
    );
  return (
    <Table edge="flush" caption="Alerts, newest first">
      <thead>
        <tr>
          <Th>When (UTC)</Th>
          <Th>What</Th>
          <Th wide>Sent to</Th>
          <Th>Alert</Th>
        </tr>
      </thead>
      <tbody>
        {alerts.map((alert) => (
          <tr key={alert._id}>
            <Td className="whitespace-nowrap tabular-nums">{formatMoment(alert.at)}</Td>
            <Td className="wrap-anywhere">
              {whatOf(alert)}
              <Sub className="tabular-nums">{detailOf(alert)}</Sub>
              <Sub className="md:hidden">{recipientsOf(alert)}</Sub>
            </Td>
            <Td wide>{recipientsOf(alert)}</Td>
            <Td>
              <AlertBadge alert={alert} />
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

const whatOf = (alert: LimitAlert): string =>
  alert.kind === "spike"
    ? `${alert.name}, hour from ${formatTime(alert.hour).slice(0, 5)}`
    : `${alert.scope === "account" ? "Account" : alert.name}, ${WINDOWS[alert.window]}`;

const detailOf = (alert: LimitAlert): string =>
  alert.kind === "spike"
    ? `${formatCents(alert.used)} in an hour, usually ${formatCents(alert.usual)}`
    : `${formatCents(alert.used)} of ${formatUsd(alert.limit)} charged`;

/** "2 people, 1 webhook"; a dash for an alert of an earlier version. */
function recipientsOf({ sentTo }: LimitAlert): string {
  if (sentTo === undefined) return "—";
  const { people, webhooks } = sentTo;
  const parts = [
    ...(people === 0 ? [] : [people === 1 ? "1 person" : `${people} people`]),
    ...(webhooks === 0 ? [] : [webhooks === 1 ? "1 webhook" : `${webhooks} webhooks`]),
  ];
  return parts.length === 0 ? "nobody" : parts.join(", ");
}

function AlertBadge({ alert }: { alert: LimitAlert }) {
  if (alert.kind === "spike")
    return (
      <Badge tone="warning">
        <TrendingUp aria-hidden="true" />
        spike
      </Badge>
    );
  if (alert.percent === 50) return <Badge>50%</Badge>;
  return (
    <Badge tone={alert.percent === 100 ? "danger" : "warning"}>
      {alert.percent === 100 ? (
        <CircleAlert aria-hidden="true" />
      ) : (
        <TriangleAlert aria-hidden="true" />
      )}
      {alert.percent}%
    </Badge>
  );
}
