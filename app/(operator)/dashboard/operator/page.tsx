import type { Metadata } from "next";
import Link from "next/link";
import { PageHeader } from "@/components/dashboard/page-header";
import { Section } from "@/components/dashboard/section";
import { labelsOf } from "@/lib/accounts/queries";
import { listOperatorActions } from "@/lib/operator-actions/queries";
import { requireOperator } from "@/lib/auth/operator";
import { findLatestCheck } from "@/lib/catalog/checks/queries";
import { listUnknownModels } from "@/lib/catalog/unknown-models/queries";
import { catalogVersion } from "@/lib/catalog/queries";
import { formatLongDay } from "@/lib/format";
import { databaseState } from "@/lib/instances/database-state";
import { listChannelStates } from "@/lib/instances/heartbeat";
import { certainOf } from "@/lib/maintenance/catalog-check/apply";
import { listNeedingAttention } from "@/lib/payments/chain/attention";
import { listLedgerDays } from "@/lib/ledger/queries";
import { listChannelHealth, listHealthDays } from "@/lib/provider-health/queries";
import { listAttention } from "@/lib/purchases/queries";
import { listChannelCells } from "@/lib/usage/figures";
import { lastDays } from "@/lib/usage/period";
import { readSales } from "@/lib/usage/sales";
import { Accounts } from "./accounts";
import { Attention } from "./attention";
import { Catalog } from "./catalog";
import { ChannelLatency } from "./channel-latency";
import { Channels } from "./channels";
import { DatabaseNotice } from "./database-notice";
import { LastDays } from "./last-days";
import { Revenue } from "./revenue";
import { findAccounts, OperatorSearch } from "./search";
import { Today } from "./today";
import { TopAccounts } from "./top-accounts";
import { AuditTable } from "./audit-table";

const RECENT_ACTIONS = 10;
const TREND_DAYS = 30;

export async function generateMetadata(): Promise<Metadata> {
  await requireOperator();
  return { title: "Operator" };
}

export default async function OperatorPage({ searchParams }: PageProps<"/dashboard/operator">) {
  await requireOperator();
  const search = OperatorSearch.parse(await searchParams);
  const { to: today } = lastDays(1);
  const [match, actions, cells, servers, purchases, transfers, check, database, unknownModels] =
    await Promise.all([
      findAccounts(search),
      listOperatorActions({ limit: RECENT_ACTIONS }),
      listChannelCells({ from: today }),
      listChannelStates(),
      listAttention(),
      listNeedingAttention(),
      findLatestCheck(),
      databaseState(),
      listUnknownModels(),
    ]);
  return (
    <>
      <PageHeader title="Operator" line={`${formatLongDay(today)}, times in UTC`} />
      <DatabaseNotice state={database} />
      <Today cells={cells} />
      <Trends />
      <Attention
        purchases={purchases}
        transfers={transfers}
        emails={await labelsOf(purchases.map(({ accountId }) => accountId))}
      />
      <Channels servers={servers} cells={cells} />
      <ChannelLatency
        channels={await listChannelHealth(lastDays(TREND_DAYS).from)}
        days={TREND_DAYS}
      />
      <Catalog
        check={check}
        version={catalogVersion()}
        certain={certainOf(check?.findings ?? [])}
        unknownModels={unknownModels}
      />
      <Accounts search={search} match={match} />
      <Section
        title="Operator actions"
        action={
          <Link href="/dashboard/operator/audit-log" prefetch={false} className="link text-sm">
            Audit log
          </Link>
        }
      >
        <AuditTable actions={actions} />
      </Section>
    </>
  );
}

/** Requests, revenue and the largest accounts of the last days. */
async function Trends() {
  const period = lastDays(TREND_DAYS);
  const { from } = period;
  const { from: before } = lastDays(2 * TREND_DAYS);
  const [days, sales, ledgerDays] = await Promise.all([
    listHealthDays(from),
    readSales({ before, from }),
    listLedgerDays({ from }),
  ]);
  return (
    <>
      <LastDays days={days} {...period} />
      <Revenue models={sales.models} ledgerDays={ledgerDays} {...period} />
      <TopAccounts accounts={sales.accounts} days={TREND_DAYS} />
    </>
  );
}
