import { Link } from "@/components/ui/link";
import { Amount } from "@/components/ui/amount";
import { buttonStyle } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Table, Td, Th } from "@/components/ui/table";
import { formatCount, formatDay, formatUsd } from "@/lib/format";
import { sourceOf } from "@/lib/payments/receipt";
import type { CreditMovement, MovementPage } from "@/lib/payments/movements";
import { explorerLink } from "./explorer";
import { kindOf } from "./words";

const ROWS = 15;

/** Every movement with its source and the balance after it, paginated, newest first. */
export function Ledger({ movements, page: pageNumber }: { movements: MovementPage; page: number }) {
  const { list } = movements;
  if (list.length === 0)
    return (
      <Empty title="No movements yet">
        Each purchase appears here with its receipt, and each day with the cost of its requests.
      </Empty>
    );
  const pages = Math.ceil(list.length / ROWS);
  const page = Math.min(pageNumber, pages);
  const first = (page - 1) * ROWS;
  const rows = list.slice(first, first + ROWS);
  const places = Math.max(
    6,
    ...rows.map(({ amount }) => digits(amount)),
    ...rows.map(({ balance }) => digits(balance)),
  );
  return (
    <>
      <Table
        edge="flush"
        hover
        caption="Balance movements, newest first"
        className="max-md:text-xs max-md:[&_:is(td,th)]:px-1"
      >
        <thead>
          <tr>
            <Th>Date</Th>
            <Th>Kind</Th>
            <Th wide>Source</Th>
            <Th num>Amount</Th>
            <Th num>Balance</Th>
          </tr>
        </thead>
        <tbody>
          {rows.map((move) => (
            <tr
              key={move.kind === "entry" ? move.entry._id : `${move.kind} ${move.at.toISOString()}`}
            >
              <Td className="whitespace-nowrap tabular-nums">
                <Day at={move.at} />
              </Td>
              <Td>
                {kindOf(move)}
                <span className="block text-[0.6875rem]/4 md:hidden">
                  <Source move={move} />
                </span>
              </Td>
              <Td wide>
                <Source move={move} />
              </Td>
              <Td num>
                <Amount nano={move.amount} withSign pad={places} />
              </Td>
              <Td num>
                <Amount nano={move.balance} pad={places} />
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
      {pages > 1 ? (
        <Pager {...{ page, pages, first, rowCount: rows.length, total: list.length }} />
      ) : null}
      <Sum movements={movements} />
    </>
  );
}

/** A date. Phones show the year only when it is not the current one. */
function Day({ at }: { at: Date }) {
  const text = formatDay(at);
  return (
    <>
      {text.slice(0, -5)}
      <span className={isThisYear(at) ? "max-md:hidden" : undefined}>{text.slice(-5)}</span>
    </>
  );
}

const isThisYear = (at: Date) => at.getUTCFullYear() === new Date().getUTCFullYear();

const digits = (nano: number) => (formatUsd(nano, 6).split(".")[1] ?? "").length;

function Source({ move }: { move: CreditMovement }) {
  if (move.kind === "earlier") return <>Requests of earlier days</>;
  if (move.kind === "usage") {
    const day = move.at.toISOString().slice(0, 10);
    return (
      <Link
        href={`/dashboard/usage?range=custom&from=${day}&to=${day}`}
        prefetch={false}
        className="hover:underline"
      >
        {formatCount(move.requests)} {move.requests === 1 ? "request" : "requests"}
        {move.today ? ", until now" : ""}
      </Link>
    );
  }
  const { entry } = move;
  if (entry.kind === "purchase") {
    const link = entry.chain ? explorerLink(entry.chain) : null;
    return (
      <>
        {sourceOf(entry)}{" "}
        {entry.chain && link ? (
          <a href={link} className="link font-mono" rel="noreferrer" target="_blank">
            {entry.chain.hash.slice(0, 6)}…{entry.chain.hash.slice(-4)}
          </a>
        ) : null}{" "}
        <ReceiptLink id={entry._id} />
      </>
    );
  }
  if (entry.of)
    return (
      <>
        {entry.reason ??
          (entry.kind === "refund"
            ? "To the original payment method."
            : "By the buyer’s bank.")}{" "}
        <ReceiptLink id={entry.of} />
      </>
    );
  return <>{entry.reason ?? ""}</>;
}

const ReceiptLink = ({ id }: { id: string }) => (
  <Link href={`/dashboard/receipts/${encodeURIComponent(id)}`} prefetch={false} className="link">
    Receipt
  </Link>
);

function Pager(input: {
  page: number;
  pages: number;
  first: number;
  rowCount: number;
  total: number;
}) {
  const { page, pages, first, rowCount, total } = input;
  const to = (label: string, target: number) =>
    target < 1 || target > pages ? (
      <span aria-disabled="true" className={buttonStyle({ size: "sm" })}>
        {label}
      </span>
    ) : (
      <Link
        href={`?page=${target}`}
        scroll={false}
        prefetch={false}
        className={buttonStyle({ size: "sm" })}
      >
        {label}
      </Link>
    );
  return (
    <nav
      aria-label="Pages of the ledger"
      className="flex items-center justify-between gap-3 text-sm text-muted"
    >
      <span className="tabular-nums">
        {formatCount(first + 1)} to {formatCount(first + rowCount)} of {formatCount(total)}
      </span>
      <span className="flex gap-2">
        {to("Newer", page - 1)}
        {to("Older", page + 1)}
      </span>
    </nav>
  );
}

function Sum({ movements }: { movements: MovementPage }) {
  const { list, bought: purchases, granted: grants, debt, takenBack, used: charges } = movements;
  const oldest = list.at(-1);
  return (
    <p className="text-sm text-muted tabular-nums">
      {oldest ? `Since ${formatDay(oldest.at)}: ` : ""}
      {formatUsd(purchases)} bought + {formatUsd(grants)} granted
      {debt === 0 ? "" : ` − ${formatUsd(debt)} owed by your deleted account`}
      {takenBack > 0 ? ` − ${formatUsd(takenBack)} refunded or disputed` : ""} −{" "}
      <Amount nano={charges} /> used ={" "}
      <Amount nano={purchases + grants - debt - takenBack - charges} />.
    </p>
  );
}
