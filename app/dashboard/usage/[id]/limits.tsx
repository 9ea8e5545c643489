import { Link } from "@/components/ui/link";
import { Section } from "@/components/dashboard/section";
import { Table, Td, Th } from "@/components/ui/table";
import type { Account } from "@/lib/accounts/schema";
import type { UsageRow } from "@/lib/usage/schema";
import { limitsThen, type LimitThen } from "./limits-then";

/** The limits that a request was checked against in the one write that placed its hold, as they were set then. */
export async function LimitsApplied({ row, account }: { row: UsageRow; account: Account }) {
  const project = account.projects.find(({ id }) => id === row.projectId);
  const limits = await limitsThen(account, row);
  const rows: [name: string, owner: string, limit: string, note: string][] = [
    row.free
      ? ["Free requests", "the account", "paid this request", "before any credits are used"]
      : [
          "Balance",
          "the account",
          "the maximum cost had to fit",
          "it was held, and the rest returned",
        ],
    ...limits.map((limit): [string, string, string, string] => [
      limit.name,
      limit.owner,
      limit.limit,
      noteOf(limit),
    ]),
  ];
  return (
    <Section
      title="Limits that applied"
      action={
        project ? (
          <Link
            href={`/dashboard/projects/${project.id}/limits`}
            prefetch={false}
            className="link text-sm"
          >
            Edit limits
          </Link>
        ) : null
      }
    >
      <Table edge="flush" caption="Limits that this request was checked against">
        <thead>
          <tr>
            <Th>Limit</Th>
            <Th wide>Of</Th>
            <Th>Set to, then</Th>
            <Th wide>Note</Th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, owner, limit, note]) => (
            <tr key={`${owner} ${name}`}>
              <Td>{name}</Td>
              <Td wide className="wrap-anywhere">
                {owner}
              </Td>
              <Td className="wrap-anywhere">{limit}</Td>
              <Td wide muted>
                {note}
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
      <p className="text-sm text-muted">
        {limits.length === 0
          ? project
            ? "No limit of account, project or key was set then."
            : "The project was deleted. Its limits are not kept."
          : "As they were when the request was admitted. Later changes are in the audit log."}
      </p>
    </Section>
  );
}

const NOTES: Record<string, string> = {
  Models: "this model was one of them",
  "Client addresses": "the client’s address is not kept",
};

function noteOf({ name, now }: LimitThen): string {
  if (now === undefined) return NOTES[name] ?? "the same now";
  return now === null ? "no limit now" : `${now} now`;
}
