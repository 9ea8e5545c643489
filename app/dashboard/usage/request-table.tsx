import { Link } from "@/components/ui/link";
import { Amount } from "@/components/ui/amount";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import { formatCount, formatDuration, formatShortDay, formatTime, splitUsd } from "@/lib/format";
import type { UsageRow } from "@/lib/usage/schema";
import { Ending } from "./endings";
import { cachedTokens } from "./measures";

interface Props {
  rows: UsageRow[];
  projectName: (id: string) => string;
  /** Names a key after its project. Without it only projects are named. */
  keyName?: (id: string) => string;
}

export function RequestTable({ rows, projectName, keyName }: Props) {
  const ownerOf = ({ projectId, keyId }: UsageRow) =>
    keyName && keyId ? keyName(keyId) : projectName(projectId);
  const pad = Math.max(6, ...rows.map((row) => splitUsd(row.cost).part.length));
  return (
    <Table edge="flush" hover caption="Requests, newest first">
      <thead>
        <tr>
          <Th aria-sort="descending" className="text-text!">
            Time (UTC)
          </Th>
          <Th>Model</Th>
          <Th wide>{keyName ? "Project / key" : "Project"}</Th>
          <Th num wide>
            Input
          </Th>
          <Th num wide>
            Cached
          </Th>
          <Th num wide>
            Output
          </Th>
          <Th num>Cost</Th>
          <Th num wide className="max-[1399px]:hidden">
            First byte
          </Th>
          <Th num wide>
            Total
          </Th>
          <Th wide>Ended</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row._id} className="relative">
            <Td className="whitespace-nowrap tabular-nums">
              <Link
                href={`/dashboard/usage/${row._id}`}
                prefetch={false}
                className="after:absolute after:inset-0 focus-visible:outline-offset-0"
              >
                <span className="text-muted max-md:hidden">{formatShortDay(row.at)} </span>
                {formatTime(row.at)}
              </Link>
            </Td>
            <Td>
              <span className="font-mono wrap-anywhere xl:whitespace-nowrap">{row.model}</span>
              {row.endedBy === "complete" ? null : (
                <span className="block md:hidden">
                  <Ending row={row} />
                </span>
              )}
            </Td>
            <Td wide className="wrap-anywhere">
              {ownerOf(row)}
            </Td>
            <Tokens count={row.tokens.input} />
            <Tokens count={cachedTokens(row.tokens)} />
            <Tokens count={row.tokens.output} />
            <Td num>
              <Cost row={row} pad={pad} />
            </Td>
            <Td
              num
              wide
              muted={row.firstByteMs === null}
              className="whitespace-nowrap max-[1399px]:hidden"
            >
              {row.firstByteMs === null ? "—" : formatDuration(row.firstByteMs)}
            </Td>
            <Td num wide className="whitespace-nowrap">
              {formatDuration(row.latencyMs)}
            </Td>
            <Td wide>
              <Ending row={row} />
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function Tokens({ count }: { count: number }) {
  return (
    <Td num wide muted={count === 0}>
      {formatCount(count)}
    </Td>
  );
}

/** The charge of a request; for a free request, its list price. */
export function Cost({ row, pad = 0 }: { row: UsageRow; pad?: number }) {
  const { cost, free, usageSource } = row;
  if (free) {
    return (
      <>
        <span className="text-muted">free</span>
        <Sub className="md:whitespace-nowrap">
          worth <Amount nano={cost} as="request" className="text-muted" />
        </Sub>
      </>
    );
  }
  if (cost === 0) return <span className="text-muted">not charged</span>;
  return (
    <>
      {usageSource === "estimated" ? (
        <Link
          href="/docs/estimates#how-an-estimate-is-counted"
          prefetch={false}
          aria-label="est. (estimated)"
          title="The provider stated no usage. It was counted from what passed, never above the hold. Click to read how to be billed exactly."
          className="relative z-10 mr-1.5 text-xs text-muted underline decoration-dotted underline-offset-2"
        >
          est.
        </Link>
      ) : null}
      <Amount nano={cost} as="request" pad={pad} />
    </>
  );
}
