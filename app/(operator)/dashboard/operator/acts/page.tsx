import type { Metadata } from "next";
import Link from "next/link";
import { z } from "zod";
import { PageHeader } from "@/components/dashboard/page-header";
import { buttonStyle } from "@/components/ui/button";
import { listOperatorActions } from "@/lib/operator-actions/queries";
import { requireOperator } from "@/lib/auth/operator";
import { Trail } from "../trail";

const PAGE_ACTS = 50;
const BACK = { href: "/dashboard/operator", name: "Operator" };

/** The act that the page before ended with: its time and its id. */
const Before = z
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
  return { title: "Acts" };
}

export default async function ActsPage({ searchParams }: PageProps<"/dashboard/operator/acts">) {
  await requireOperator();
  const before = Before.parse((await searchParams).before);
  const found = await listOperatorActions({ before, limit: PAGE_ACTS + 1 });
  const acts = found.slice(0, PAGE_ACTS);
  const last = found.length > PAGE_ACTS ? acts.at(-1) : undefined;
  return (
    <>
      <PageHeader
        title="Acts"
        line="Everything that operators did on these pages and on the command line. Nothing here is ever changed or deleted."
        back={BACK}
      />
      <Trail acts={acts} />
      <nav aria-label="Pages" className="flex justify-end gap-2 empty:hidden">
        {before === undefined ? null : (
          <Link
            href="/dashboard/operator/acts"
            prefetch={false}
            className={buttonStyle({ size: "sm" })}
          >
            Newest
          </Link>
        )}
        {last === undefined ? null : (
          <Link
            href={`/dashboard/operator/acts?before=${last.at.getTime()}.${last._id}`}
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
