import type { Metadata } from "next";
import Link from "next/link";
import { PageHeader } from "@/components/dashboard/page-header";
import { Section } from "@/components/dashboard/section";
import { listActs } from "@/lib/acts/queries";
import { requireOperator } from "@/lib/auth/operator";
import { formatLongDay } from "@/lib/format";
import { lastDays } from "@/lib/usage/period";
import { Accounts } from "./accounts";
import { findAccounts, Search } from "./search";
import { Trail } from "./trail";

const RECENT_ACTS = 10;

export async function generateMetadata(): Promise<Metadata> {
  await requireOperator();
  return { title: "Operator" };
}

export default async function OperatorPage({ searchParams }: PageProps<"/dashboard/operator">) {
  await requireOperator();
  const search = Search.parse(await searchParams);
  const [found, acts] = await Promise.all([findAccounts(search), listActs({ limit: RECENT_ACTS })]);
  return (
    <>
      <PageHeader title="Operator" line={`${formatLongDay(lastDays(1).to)}, times in UTC`} />
      <Accounts search={search} found={found} />
      <Section
        title="What operators did"
        action={
          <Link href="/dashboard/operator/acts" prefetch={false} className="link text-sm">
            All acts
          </Link>
        }
      >
        <Trail acts={acts} />
      </Section>
    </>
  );
}
