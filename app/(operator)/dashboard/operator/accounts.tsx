import { SearchIcon } from "lucide-react";
import Form from "next/form";
import Link from "next/link";
import { Section } from "@/components/dashboard/section";
import { Amount } from "@/components/ui/amount";
import { Badge } from "@/components/ui/badge";
import { Button, buttonStyle } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import { accountLabel, heldTotal, type Account } from "@/lib/accounts/schema";
import { formatCents, formatCount, formatDay, splitUsd } from "@/lib/format";
import { addressOf, type AccountMatch, type OperatorSearch } from "./search";

/** The accounts by email address, paginated, or the search results. */
export function Accounts({
  search,
  match: { accounts, next },
}: {
  search: OperatorSearch;
  match: AccountMatch;
}) {
  const pad = Math.max(6, ...accounts.map(({ credits }) => splitUsd(credits).part.length));
  return (
    <Section title="Accounts">
      <search>
        <Form action="/dashboard/operator" scroll={false} className="flex max-w-md gap-2">
          <span className="flex-1">
            <Input
              type="search"
              name="q"
              defaultValue={search.q}
              maxLength={254}
              aria-label="Find accounts"
              placeholder="Start of an address, or an id"
              before={<SearchIcon aria-hidden="true" />}
            />
          </span>
          <Button type="submit">Find</Button>
        </Form>
      </search>
      {accounts.length === 0 ? (
        <p className="text-muted" role="status">
          No account{search.q === "" ? "" : " with that id, and none whose address begins so"}.
        </p>
      ) : (
        <>
          <Table edge="flush" hover caption="Accounts by email address">
            <thead>
              <tr>
                <Th>Account</Th>
                <Th wide>Since</Th>
                <Th num>Available</Th>
                <Th num wide>
                  Held
                </Th>
                <Th wide>Status</Th>
              </tr>
            </thead>
            <tbody>
              {accounts.map((account) => (
                <Row key={account._id} account={account} pad={pad} />
              ))}
            </tbody>
          </Table>
          <nav aria-label="Pages of accounts" className="flex justify-end gap-2 empty:hidden">
            {search.after === "" ? null : (
              <PageLink label="First page" to={{ ...search, after: "" }} />
            )}
            {next === null ? null : <PageLink label="Next page" to={{ ...search, after: next }} />}
          </nav>
        </>
      )}
    </Section>
  );
}

function Row({ account, pad }: { account: Account; pad: number }) {
  const { _id, createdAt, credits, holds } = account;
  const heldCredits = heldTotal(holds);
  const status = statusOf(account);
  return (
    <tr className="relative">
      <Td>
        <Link
          href={`/dashboard/operator/accounts/${_id}`}
          prefetch={false}
          className="wrap-anywhere after:absolute after:inset-0 focus-visible:outline-offset-0"
        >
          {accountLabel(account)}
        </Link>
        <Sub className="font-mono wrap-anywhere">{_id}</Sub>
        {status === "active" ? null : (
          <span className="md:hidden">
            <Status status={status} />
          </span>
        )}
      </Td>
      <Td wide className="whitespace-nowrap tabular-nums">
        {formatDay(createdAt)}
      </Td>
      <Td num>
        <Amount nano={credits} pad={pad} />
      </Td>
      <Td num wide muted={holds.length === 0}>
        {holds.length === 0 ? "none" : formatCents(heldCredits)}
        {holds.length === 0 ? null : (
          <Sub>
            {formatCount(holds.length)} {holds.length === 1 ? "request" : "requests"}
          </Sub>
        )}
      </Td>
      <Td wide>
        <Status status={status} />
      </Td>
    </tr>
  );
}

type AccountStatus = "active" | "suspended" | "deleted";

export const statusOf = ({ erasedAt, suspendedAt }: Account): AccountStatus =>
  erasedAt === undefined ? (suspendedAt === undefined ? "active" : "suspended") : "deleted";

export function Status({ status }: { status: AccountStatus }) {
  if (status === "active") return <span className="text-muted">active</span>;
  return <Badge tone={status === "suspended" ? "danger" : "neutral"}>{status}</Badge>;
}

function PageLink({ label, to }: { label: string; to: OperatorSearch }) {
  return (
    <Link
      href={addressOf(to)}
      scroll={false}
      prefetch={false}
      className={buttonStyle({ size: "sm" })}
    >
      {label}
    </Link>
  );
}
