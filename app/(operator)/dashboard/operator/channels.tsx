import { Section } from "@/components/dashboard/section";
import { Badge } from "@/components/ui/badge";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import { formatCount, formatTime } from "@/lib/format";
import type { ChannelState } from "@/lib/instances/schema";
import type { ChannelCell } from "@/lib/usage/figures";
import { isProviderError } from "@/lib/usage/schema";
import { countOf } from "./today";

interface Props {
  /** Of each live server process, what it knows of its channels. */
  servers: ChannelState[][];
  cells: ChannelCell[];
}

/** How each credential of ours at a provider fares, on every server. */
export function Channels({ servers, cells }: Props) {
  const states = servers.flat();
  const ids = [
    ...new Set([...states.map(({ id }) => id), ...cells.map(({ channel }) => channel)]),
  ].toSorted();
  return (
    <Section
      title="Channels"
      action={
        <span className="text-sm text-muted">
          Today, on {formatCount(servers.length)} {servers.length === 1 ? "process" : "processes"}
        </span>
      }
    >
      {ids.length === 0 ? (
        <p className="text-muted">No server process that is running has a provider’s key.</p>
      ) : (
        <Table edge="flush" caption="Credentials at the providers, and how they fare today">
          <thead>
            <tr>
              <Th>Channel</Th>
              <Th>State</Th>
              <Th num>Requests</Th>
              <Th num wide>
                Provider errors
              </Th>
            </tr>
          </thead>
          <tbody>
            {ids.map((id) => {
              const own = cells.filter(({ channel }) => channel === id);
              const errors = countOf(own, isProviderError);
              return (
                <tr key={id}>
                  <Td className="font-mono whitespace-nowrap">{id}</Td>
                  <Td>
                    <State states={states.filter((state) => state.id === id)} />
                  </Td>
                  <Td num>
                    {formatCount(countOf(own, () => true))}
                    <Sub className="md:hidden">{formatCount(errors)} errors</Sub>
                  </Td>
                  <Td num wide muted={errors === 0}>
                    {formatCount(errors)}
                  </Td>
                </tr>
              );
            })}
          </tbody>
        </Table>
      )}
    </Section>
  );
}

/** The worst that a process says of a channel: it rests, it fails, or it is ready. */
function State({ states }: { states: ChannelState[] }) {
  if (states.length === 0) return <span className="text-muted">not configured any more</span>;
  const resting = states.flatMap(({ restsUntil }) => restsUntil ?? []);
  const failing = states.filter(({ failures }) => failures > 0);
  const on = (count: number) =>
    states.length === 1 ? null : (
      <Sub>
        on {formatCount(count)} of {formatCount(states.length)} processes
      </Sub>
    );
  if (resting.length > 0) {
    const until = new Date(Math.max(...resting.map((at) => at.getTime())));
    return (
      <>
        <Badge tone="warning">rests until {formatTime(until)}</Badge>
        {on(resting.length)}
      </>
    );
  }
  if (failing.length > 0) {
    const most = Math.max(...failing.map(({ failures }) => failures));
    return (
      <>
        <Badge tone="warning">
          {formatCount(most)} {most === 1 ? "failure" : "failures"} in a row
        </Badge>
        {on(failing.length)}
      </>
    );
  }
  return <span className="text-muted">ready</span>;
}
