import type { Metadata } from "next";
import Link from "next/link";
import { z } from "zod";
import { PageHeader } from "@/components/dashboard/page-header";
import { buttonStyle } from "@/components/ui/button";
import { listOperatorActions } from "@/lib/operator-actions/queries";
import { requireOperator } from "@/lib/auth/operator";
import { AuditTable } from "../audit-table";

const PAGE_ACTIONS = 50;
const BACK = { href: "/dashboard/operator", name: "Operator" };

/** The last action of the previous page: its time and its id. */
const PageCursor = z
  .string()
  .regex(/^\d{1,15}\.act_\w{1,40}$/)
  .transform((text) => {
    const [at = "", id = ""] = text.split(".");
    return { at: new Date(Number(at)), _id: id };
  })
  .optional()
  .catch(undefined);

export async function generateMetadata(): Promise<Metadata> {
  await requireOperator();
  return { title: "Audit log" };
}

export default async function AuditLogPage({
  searchParams,
}: PageProps<"/dashboard/operator/audit-log">) {
  await requireOperator();
  const before = PageCursor.parse((await searchParams).before);
  const actions = await listOperatorActions({ before, limit: PAGE_ACTIONS + 1 });
  const pageActions = actions.slice(0, PAGE_ACTIONS);
  const last = actions.length > PAGE_ACTIONS ? pageActions.at(-1) : undefined;
  return (
    <>
      <PageHeader
        title="Audit log"
        line="Every operator action on these pages and on the command line. Entries are never changed or deleted."
        back={BACK}
      />
      <AuditTable actions={pageActions} />
      <nav aria-label="Pages" className="flex justify-end gap-2 empty:hidden">
        {before === undefined ? null : (
          <Link
            href="/dashboard/operator/audit-log"
            prefetch={false}
            className={buttonStyle({ size: "sm" })}
          >
            Newest
          </Link>
        )}
        {last === undefined ? null : (
          <Link
            href={`/dashboard/operator/audit-log?before=${last.at.getTime()}.${last._id}`}
            prefetch={false}
            className={buttonStyle({ size: "sm" })}
          >
            Older
          </Link>
        )}
      </nav>
    </>
  );
}
