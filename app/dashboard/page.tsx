import type { Metadata } from "next";
import { PageHeader } from "@/components/dashboard/page-header";
import { Amount } from "@/components/ui/amount";
import { requireAccount } from "@/lib/auth/session";

export const metadata: Metadata = { title: "Overview" };

export default async function OverviewPage() {
  const account = await requireAccount();
  return (
    <>
      <PageHeader title="Overview" line={account.email} />
      <Amount nano={account.credits} />
    </>
  );
}
