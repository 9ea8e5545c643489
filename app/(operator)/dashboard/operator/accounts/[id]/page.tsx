import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Facts } from "@/components/dashboard/facts";
import { PageHeader } from "@/components/dashboard/page-header";
import { Section } from "@/components/dashboard/section";
import { Amount } from "@/components/ui/amount";
import { FigureStrip, type StripFigure } from "@/components/ui/figure-strip";
import { findById } from "@/lib/accounts/queries";
import { accountLabel, heldTotal, type Account } from "@/lib/accounts/schema";
import { listOperatorActions } from "@/lib/operator-actions/queries";
import { requireOperator } from "@/lib/auth/operator";
import { formatCount, formatMoment } from "@/lib/format";
import { newId } from "@/lib/ids";
import { Status, statusOf } from "../../accounts";
import { AuditTable } from "../../audit-table";
import { GrantForm } from "./grant-form";
import { SuspensionForm } from "./suspension-form";

const RECENT_ACTIONS = 50;

type Props = PageProps<"/dashboard/operator/accounts/[id]">;

async function accountOf({ params }: Props): Promise<Account> {
  await requireOperator();
  return (await findById((await params).id)) ?? notFound();
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  return { title: accountLabel(await accountOf(props)) };
}

export default async function AccountPage(props: Props) {
  const account = await accountOf(props);
  const { _id, suspendedAt } = account;
  const actions = await listOperatorActions({ accountId: _id, limit: RECENT_ACTIONS });
  return (
    <>
      <PageHeader
        title={accountLabel(account)}
        line={<span className="font-mono text-sm">{_id}</span>}
        back={{ href: "/dashboard/operator", name: "Operator" }}
      />
      <FigureStrip figures={figuresOf(account)} />
      <Facts facts={factsOf(account)} />
      {account.erasedAt === undefined ? (
        <div className="grid items-start gap-5 lg:grid-cols-2">
          <GrantForm accountId={_id} email={accountLabel(account)} grantId={newId("grt")} />
          <SuspensionForm
            key={String(suspendedAt)}
            accountId={_id}
            since={suspendedAt === undefined ? null : formatMoment(suspendedAt)}
          />
        </div>
      ) : null}
      <Section title="Operator actions">
        <AuditTable actions={actions} />
      </Section>
    </>
  );
}

/** Ledger total minus charges equals available credits plus holds. */
function figuresOf({
  posted: ledgerTotal,
  charged: usageTotal,
  credits,
  holds,
}: Account): StripFigure[] {
  const heldCredits = heldTotal(holds);
  return [
    {
      term: "Received",
      figure: <Amount nano={ledgerTotal} />,
      note: "purchases and grants, less refunds",
    },
    { term: "Charged", figure: <Amount nano={usageTotal} />, note: "for requests", operator: "−" },
    { term: "Available", figure: <Amount nano={credits} />, operator: "=" },
    {
      term: "Held",
      figure: <Amount nano={heldCredits} />,
      note: `in ${formatCount(holds.length)} open ${holds.length === 1 ? "request" : "requests"}`,
      operator: "+",
    },
  ];
}

function factsOf(account: Account) {
  const { createdAt, free, projects, erasedAt, suspendedAt } = account;
  const [keys, heldKeys] = [account.keys?.length ?? 0, account.heldKeys?.length ?? 0];
  const since = erasedAt ?? suspendedAt;
  return [
    {
      name: "Status",
      value: (
        <>
          <Status status={statusOf(account)} />
          {since === undefined ? null : ` since ${formatMoment(since)}`}
        </>
      ),
    },
    { name: "Created", value: formatMoment(createdAt) },
    { name: "Free requests left", value: formatCount(free.requests) },
    { name: "Projects", value: formatCount(projects.length) },
    {
      name: "Keys",
      value: `${formatCount(keys)} in use${heldKeys === 0 ? "" : `, ${formatCount(heldKeys)} disabled until the suspension is lifted`}`,
    },
  ];
}
