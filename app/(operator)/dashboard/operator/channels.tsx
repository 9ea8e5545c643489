import { Section } from "@/components/dashboard/section";
import { Badge } from "@/components/ui/badge";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import { formatCount, formatTime } from "@/lib/format";
import type { ChannelState } from "@/lib/instances/schema";
import type { ChannelCell } from "@/lib/usage/figures";
import { isProviderError } from "@/lib/usage/schema";
import { problemText } from "@/lib/providers/problems";
import { countOf } from "./today";

interface Props {
  /** The channel states that each live server process reports. */
  servers: ChannelState[][];
  cells: ChannelCell[];
}

/** The state of each provider credential, on every server. */
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
        <p className="text-muted">No running server process has a provider key.</p>
      ) : (
        <Table edge="flush" caption="Provider credentials and their state today">
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
              const channelCells = cells.filter(({ channel }) => channel === id);
              const errors = countOf(channelCells, isProviderError);
              return (
                <tr key={id}>
                  <Td className="font-mono whitespace-nowrap">
                    {id === "none" ? "no channel free" : id}
                  </Td>
                  <Td>
                    {id === "none" ? (
                      <span className="text-muted">
                        refused while every channel was in cooldown
                      </span>
                    ) : (
                      <State states={states.filter((state) => state.id === id)} />
                    )}
                  </Td>
                  <Td num>
                    {formatCount(countOf(channelCells, () => true))}
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

/** The most serious state that any process reports for a channel. */
function State({ states }: { states: ChannelState[] }) {
  if (states.length === 0) return <span className="text-muted">no longer configured</span>;
  const stops = states.flatMap(({ stopped: stop }) => stop ?? []);
  const breakers = states.flatMap(({ breakerUntil }) => breakerUntil ?? []);
  const cooldowns = states.flatMap((state) => state.cooldowns);
  const [stop] = stops;
  if (stop)
    return (
      <>
        <Badge tone="danger">stopped: {problemText(stop.problem).label}</Badge>
        <Sub>
          since {formatTime(earliest(stops.map(({ since }) => since)))}, next attempt{" "}
          {formatTime(latest(stops.map(({ until }) => until)))}
        </Sub>
        <OnProcesses count={stops.length} of={states.length} />
      </>
    );
  if (breakers.length > 0)
    return (
      <>
        <Badge tone="warning">provider errors</Badge>
        <Sub>other channels are preferred until {formatTime(latest(breakers))}</Sub>
        <OnProcesses count={breakers.length} of={states.length} />
      </>
    );
  if (cooldowns.length > 0) return <Cooldowns cooldowns={cooldowns} />;
  const failing = Math.max(...states.map(({ failingAccounts }) => failingAccounts));
  if (failing > 0)
    return (
      <Badge tone="warning">
        errors for {formatCount(failing)} {failing === 1 ? "account" : "accounts"}
      </Badge>
    );
  return <span className="text-muted">ready</span>;
}

function Cooldowns({ cooldowns }: Pick<ChannelState, "cooldowns">) {
  const models = [...new Set(cooldowns.map(({ model }) => model))].toSorted();
  return (
    <>
      <Badge tone="warning">
        {formatCount(models.length)} {models.length === 1 ? "model" : "models"} in cooldown until{" "}
        {formatTime(latest(cooldowns.map(({ until }) => until)))}
      </Badge>
      <Sub>{models.join(", ")}</Sub>
    </>
  );
}

function OnProcesses({ count, of }: { count: number; of: number }) {
  if (of === 1) return null;
  return (
    <Sub>
      on {formatCount(count)} of {formatCount(of)} processes
    </Sub>
  );
}

const latest = (dates: Date[]) => new Date(Math.max(...dates.map((date) => date.getTime())));
const earliest = (dates: Date[]) => new Date(Math.min(...dates.map((date) => date.getTime())));
