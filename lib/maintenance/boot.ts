import { ensureIndexes as accountIndexes } from "@/lib/accounts/collection";
import { ensureIndexes as operatorActionIndexes } from "@/lib/operator-actions/collection";
import { runDailyCheck } from "@/lib/maintenance/catalog-check/daily";
import { ensureIndexes as noticeIndexes } from "@/lib/catalog/notices/collection";
import { ensureIndexes as unknownModelIndexes } from "@/lib/catalog/unknown-models/collection";
import { startCatalogRefresh } from "@/lib/catalog/overlays/refresh";
import { beat, leave } from "@/lib/instances/heartbeat";
import { HEARTBEAT_MS } from "@/lib/instances/schema";
import { ensureIndexes as incidentIndexes } from "@/lib/incidents/collection";
import { ensureIndexes as keyIndexes } from "@/lib/keys/collection";
import { migrateProjectKeys } from "@/lib/keys/migrate";
import { ensureIndexes as auditLogIndexes } from "@/lib/audit-log/collection";
import { ensureIndexes as alertIndexes } from "@/lib/limit-alerts/collection";
import { ensureIndexes as managementIndexes } from "@/lib/management-keys/collection";
import { ensureIndexes as ledgerIndexes } from "@/lib/ledger/collection";
import { errorName, log } from "@/lib/log";
import { ensureIndexes as healthIndexes } from "@/lib/provider-health/collection";
import { ensureIndexes as teamIndexes } from "@/lib/teams/collection";
import { ensureIndexes as userIndexes } from "@/lib/users/collection";
import { migrateUsers } from "@/lib/users/migrate";
import { ensureIndexes as sessionIndexes } from "@/lib/sessions/collection";
import { ensureIndexes as purchaseIndexes } from "@/lib/purchases/collection";
import { ensureIndexes as transferIndexes } from "@/lib/transfers/collection";
import { ensureIndexes as storedIndexes } from "@/lib/stored-responses/ids";
import { ensureIndexes as usageIndexes } from "@/lib/usage/collection";
import { ensureIndexes as walletIndexes } from "@/lib/wallets/collection";
import { ensureIndexes as endpointIndexes } from "@/lib/webhook-endpoints/collection";
import { ensureIndexes as deliveryIndexes } from "@/lib/webhook-deliveries/collection";
import { announceChanges } from "@/lib/webhooks/announce";
import { mailDisabledEndpoints } from "@/lib/webhooks/disabled-mail";
import { startDueDeliveries } from "@/lib/webhooks/deliver";
import { processSingleton } from "@/lib/process-singleton";
import { channelStates } from "@/lib/gateway/upstream/channel-states";
import { sendSpikeAlerts } from "./limit-alerts/spikes";
import { sendThresholdAlerts } from "./limit-alerts/thresholds";
import { notifyOperators } from "./notify-operators";
import { notifyUnknownModels } from "./notify-unknown-models";
import { countProviderHours } from "./provider-health";
import { sweep } from "./sweep";

const SWEEP_MS = 15_000;
const COUNT_MS = 60_000;
const ALERT_MS = 30_000;
const SPIKE_MS = 300_000;
/** How often an instance looks whether the daily check is due. */
const CHECK_MS = 300_000;
const DELIVERY_MS = 1_000;
const ANNOUNCE_MS = 60_000;

export async function ensureIndexes(): Promise<void> {
  await Promise.all([
    accountIndexes(),
    userIndexes(),
    teamIndexes(),
    usageIndexes(),
    keyIndexes(),
    alertIndexes(),
    auditLogIndexes(),
    managementIndexes(),
    ledgerIndexes(),
    purchaseIndexes(),
    storedIndexes(),
    transferIndexes(),
    walletIndexes(),
    sessionIndexes(),
    operatorActionIndexes(),
    healthIndexes(),
    incidentIndexes(),
    noticeIndexes(),
    unknownModelIndexes(),
    endpointIndexes(),
    deliveryIndexes(),
  ]);
}

/** Makes the indexes, shows this instance alive, and sweeps on a timer; once per process. Returns what stops it. */
export const boot = (): Promise<() => Promise<void>> => processSingleton("boot", start);

async function start(): Promise<() => Promise<void>> {
  await ensureIndexes();
  await migrateProjectKeys();
  await migrateUsers();
  await show();
  const stopCatalog = await startCatalogRefresh();
  const quietly = (name: string, work: () => Promise<unknown>) => () =>
    void work().catch((error: unknown) => log.error(name, { error: errorName(error) }));
  const timers = [
    setInterval(quietly("heartbeat.failed", show), HEARTBEAT_MS),
    setInterval(quietly("channel.notice_failed", notifyOperators), HEARTBEAT_MS),
    setInterval(quietly("catalog.unknown_model_failed", notifyUnknownModels), COUNT_MS),
    setInterval(quietly("sweep.failed", sweepAndReport), SWEEP_MS),
    setInterval(
      quietly("health.failed", () => countProviderHours()),
      COUNT_MS,
    ),
    setInterval(
      quietly("limit_alert.failed", () => sendThresholdAlerts()),
      ALERT_MS,
    ),
    setInterval(
      quietly("spike_alert.failed", () => sendSpikeAlerts()),
      SPIKE_MS,
    ),
    setInterval(
      quietly("webhook.delivery_failed", () => startDueDeliveries()),
      DELIVERY_MS,
    ),
    setInterval(
      quietly("webhook.emit_failed", () => announceChanges()),
      ANNOUNCE_MS,
    ),
    setInterval(
      quietly("webhook.mail_failed", () => mailDisabledEndpoints()),
      ALERT_MS,
    ),
    setInterval(quietly("catalog.check_failed", runDailyCheck), CHECK_MS),
  ];
  for (const timer of timers) timer.unref();
  return async () => {
    for (const timer of timers) clearInterval(timer);
    stopCatalog();
    await leave();
  };
}

const show = () => beat({ channels: channelStates() });

async function sweepAndReport(): Promise<void> {
  const { expired: expiredDays } = await sweep();
  if (expiredDays > 0) log.error("days.expired", { count: expiredDays });
}
