import { Link } from "@/components/ui/link";
import { Section } from "@/components/dashboard/section";
import { Table, Td, Th } from "@/components/ui/table";
import type { Project } from "@/lib/accounts/schema";
import { formatCount, formatUsd } from "@/lib/format";
import type { UsageRow } from "@/lib/usage/schema";

/** The limits that a request of the project is checked against in the one write that places its hold, as they are set now. */
export function LimitsApplied({ row, project }: { row: UsageRow; project: Project | undefined }) {
  const rows: [name: string, limit: string, note: string][] = [
    row.free
      ? ["Free requests", "paid this request", "before any credits are used"]
      : ["Balance", "the request’s maximum cost must fit", "it is held, and the rest is returned"],
  ];
  if (project) {
    const { limits, models, addresses, priceGuard } = project;
    rows.push(
      [
        "Credits a month",
        limits.creditsPerMonth === undefined ? "no limit" : formatUsd(limits.creditsPerMonth),
        "of the project, by the calendar month",
      ],
      [
        "Requests a minute",
        limits.requestsPerMinute === undefined ? "no limit" : formatCount(limits.requestsPerMinute),
        "of the project",
      ],
      [
        "Models",
        models === undefined ? "any" : `${formatCount(models.length)} allowed`,
        models === undefined || models.includes(row.model)
          ? `${row.model} is allowed`
          : `${row.model} is not allowed any more`,
      ],
      [
        "Client addresses",
        addresses === undefined ? "any" : addresses.join(", "),
        "the client’s address is not kept",
      ],
    );
    if (priceGuard)
      rows.push(["Price guard", "on", "a price above the one it was set at is refused"]);
  }
  return (
    <Section
      title="Limits that apply"
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
      <Table edge="flush" caption="Limits that apply to requests of this project">
        <thead>
          <tr>
            <Th>Limit</Th>
            <Th>Set to, now</Th>
            <Th wide>Note</Th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, limit, note]) => (
            <tr key={name}>
              <Td>{name}</Td>
              <Td className="wrap-anywhere">{limit}</Td>
              <Td wide muted>
                {note}
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Section>
  );
}
