import type { HealthBar } from "../(site)/status/health";
import { statusReport } from "../(site)/status/report";

/** The status page's figures for programs. Shares are counts, so that anyone can add them up. */
export async function GET() {
  const { at, ready, figuresAt, summary, health, payments, cooldowns, incidents } =
    await statusReport();
  return Response.json(
    {
      at,
      ready,
      figures_at: figuresAt,
      level: summary.level,
      title: summary.title,
      subjects: health.map(({ subject, level, hours, days, latency }) => ({
        name: subject,
        level,
        hours: hours.map(requestBar),
        days: days.map(requestBar),
        first_byte_p50_ms: latency.firstByteP50,
        first_byte_p95_ms: latency.firstByteP95,
        tokens_per_second_p50: latency.speedP50,
        ...(subject === "onekey" ? { own_p50_ms: latency.ownP50, own_p95_ms: latency.ownP95 } : {}),
      })),
      payments:
        payments === null
          ? null
          : {
              level: payments.level,
              hours: payments.hours.map(paymentBar),
              days: payments.days.map(paymentBar),
              transfer_credited_p50_ms: payments.creditedP50,
            },
      cooldowns,
      incidents: incidents.map(({ _id, startedAt, endedAt, ...incident }) => ({
        id: _id,
        started_at: startedAt,
        ended_at: endedAt,
        ...incident,
      })),
    },
    { headers: { "cache-control": "public, max-age=15", "access-control-allow-origin": "*" } },
  );
}

const requestBar = (bar: HealthBar) => ({ from: bar.at, sent: bar.sent, answered: bar.answered });
const paymentBar = (bar: HealthBar) => ({
  from: bar.at,
  paid: bar.sent,
  credited: bar.answered,
});
