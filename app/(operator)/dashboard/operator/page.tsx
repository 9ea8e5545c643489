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
import { listHealthDays } from "@/lib/provider-health/queries";
import { listAttention } from "@/lib/purchases/queries";
import { listChannelCells } from "@/lib/usage/figures";
import { lastDays } from "@/lib/usage/period";
import { Accounts } from "./accounts";
import { Attention } from "./attention";
import { Catalog } from "./catalog";
import { Channels } from "./channels";
import { DatabaseNotice } from "./database-notice";
import { LastDays } from "./last-days";
import { findAccounts, OperatorSearch } from "./search";
import { Today } from "./today";
import { AuditTable } from "./audit-table";

const RECENT_ACTIONS = 10;

export async function generateMetadata(): Promise<Metadata> {
  await requireOperator();
  return { title: "Operator" };
}

export default async function OperatorPage({ searchParams }: PageProps<"/dashboard/operator">) {
  await requireOperator();
  const search = OperatorSearch.parse(await searchParams);
  const { to: today } = lastDays(1);
  const month = lastDays(30);
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
      <LastDays days={await listHealthDays(month.from)} {...month} />
      <Attention
        purchases={purchases}
        transfers={transfers}
        emails={await labelsOf(purchases.map(({ accountId }) => accountId))}
      />
      <Channels servers={servers} cells={cells} />
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
