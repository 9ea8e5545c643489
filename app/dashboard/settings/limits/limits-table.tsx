import { Pencil } from "lucide-react";
import { Link } from "@/components/ui/link";
import { Section } from "@/components/dashboard/section";
import { buttonStyle } from "@/components/ui/button";
import { Meter } from "@/components/ui/meter";
import { Table, Td, Th } from "@/components/ui/table";
import { limitUses, type LimitUse } from "@/lib/accounts/open-caps";
import { ACCOUNT_SCOPE, type Account, type CapWindow, type Limits } from "@/lib/accounts/schema";
import { formatCents, formatCount, formatUsd } from "@/lib/format";
import { listKeys } from "@/lib/keys/queries";

interface LimitRow {
  id: string;
  name: string;
  href: string | null;
  indent: boolean;
  limits: Limits;
  uses: LimitUse[];
}

const COLUMNS: [CapWindow, string][] = [
  ["day", "Day"],
  ["week", "Week"],
  ["month", "Month"],
  ["total", "In total"],
  ["requests", "Requests a minute"],
  ["tokens", "Tokens a minute"],
];

/** What is left of the limits of the account, its projects and its keys that work. */
export async function LimitsTable({ account, now }: { account: Account; now: number }) {
  const rows = await rowsOf(account, now);
  return (
    <Section title="What is left">
      <Table edge="flush" caption="Limits of the account, its projects and their keys">
        <thead>
          <tr>
            <Th>Limit</Th>
            {COLUMNS.map(([window, name]) => (
              <Th key={window} wide>
                {name}
              </Th>
            ))}
            <Th wide num>
              Largest request
            </Th>
            <Th>
              <span className="sr-only">Edit</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <Td className={row.indent ? "pl-5! wrap-anywhere" : "font-medium wrap-anywhere"}>
                {row.name}
                <LimitList row={row} />
              </Td>
              {COLUMNS.map(([window, name]) => (
                <Td key={window} wide className="min-w-28">
                  <LimitCell
                    use={row.uses.find((use) => use.window === window)}
                    label={`${row.name}, ${name}`}
                  />
                </Td>
              ))}
              <Td wide num muted={row.limits.maxRequestCost === undefined}>
                {row.limits.maxRequestCost === undefined
                  ? "—"
                  : formatUsd(row.limits.maxRequestCost)}
              </Td>
              <Td>
                {row.href === null ? null : (
                  <Link
                    href={row.href}
                    prefetch={false}
                    aria-label={`Edit the limits of ${row.name}`}
                    className={buttonStyle({ variant: "ghost", size: "sm", icon: true })}
                  >
                    <Pencil aria-hidden="true" />
                  </Link>
                )}
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
      <p className="text-sm text-muted">
        Left = limit − charged − held. Days, weeks and months are UTC; a week begins on Monday.
      </p>
    </Section>
  );
}

/** The limits of a row below its name, on phones. */
function LimitList({ row: { name: rowName, uses, limits } }: { row: LimitRow }) {
  const columns = COLUMNS.flatMap(([window, name]) => {
    const use = uses.find((candidate) => candidate.window === window);
    return use ? [{ name, use }] : [];
  });
  const isEmpty = columns.length === 0 && limits.maxRequestCost === undefined;
  if (isEmpty) return <p className="font-normal text-muted md:hidden">No limit</p>;
  return (
    <dl className="mt-1 grid gap-2 font-normal md:hidden">
      {columns.map(({ name, use }) => (
        <div key={name}>
          <dt className="text-muted">{name}</dt>
          <dd>
            <LimitCell use={use} label={`${rowName}, ${name}`} />
          </dd>
        </div>
      ))}
      {limits.maxRequestCost === undefined ? null : (
        <div>
          <dt className="text-muted">Largest request</dt>
          <dd>{formatUsd(limits.maxRequestCost)}</dd>
        </div>
      )}
    </dl>
  );
}

function LimitCell({ use, label }: { use: LimitUse | undefined; label: string }) {
  if (!use) return <span className="text-muted">—</span>;
  const { window, limit, used: usage } = use;
  const remaining = Math.max(0, limit - usage);
  const isRate = window === "requests" || window === "tokens";
  const text = isRate
    ? `${formatCount(remaining)} of ${formatCount(limit)}`
    : `${formatCents(remaining)} of ${formatUsd(limit)}`;
  return <Meter label="left" spokenLabel={label} value={usage} max={limit} text={text} />;
}

async function rowsOf(account: Account, now: number): Promise<LimitRow[]> {
  const keys = (await listKeys({ account, now })).filter(({ live }) => live.length > 0);
  const row = async (
    id: string,
    kind: "account" | "project" | "key",
    name: string,
    limits: Limits,
    href: string | null,
  ): Promise<LimitRow> => {
    const scope = { scope: id, kind, name, limits };
    const uses = await limitUses({ account, scope, now });
    return { id, name, href, indent: kind === "key", limits, uses };
  };
  const rows = [await row(ACCOUNT_SCOPE, "account", "Account", account.limits ?? {}, null)];
  for (const { id, name, limits } of account.projects) {
    rows.push(await row(id, "project", name, limits, `/dashboard/projects/${id}/limits`));
    for (const { key } of keys.filter((candidate) => candidate.key.projectId === id))
      rows.push(
        await row(
          key._id,
          "key",
          key.name,
          key.limits ?? {},
          `/dashboard/projects/${id}/keys/${key._id}`,
        ),
      );
  }
  return rows;
}
