import { Section } from "@/components/dashboard/section";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import { formatCount, formatDuration } from "@/lib/format";
import type { ChannelHealth } from "@/lib/provider-health/queries";
import { percentileOf, type HealthTally } from "@/lib/provider-health/schema";
import { shareText } from "./revenue";

/** How quickly the streams of each credential began, in the last 24 hours and in so many days. */
export function ChannelLatency({ channels, days }: { channels: ChannelHealth[]; days: number }) {
  return (
    <Section
      title="Latency by channel"
      action={<span className="text-sm text-muted">Streams to their first byte, 24 hours</span>}
    >
      {channels.length === 0 ? (
        <p className="text-muted">No request was sent to a provider in a full hour yet.</p>
      ) : (
        <Table edge="flush" caption={`Latency by channel, 24 hours and ${days} days`}>
          <thead>
            <tr>
              <Th>Channel</Th>
              <Th num>Succeeded</Th>
              <Th num>p50</Th>
              <Th num>p95</Th>
              <Th num wide>
                p50, {days} days
              </Th>
              <Th num wide>
                p95, {days} days
              </Th>
            </tr>
          </thead>
          <tbody>
            {channels.map((channel) => (
              <ChannelRow key={channel.id} {...channel} />
            ))}
          </tbody>
        </Table>
      )}
    </Section>
  );
}

function ChannelRow({ id, lately, all }: ChannelHealth) {
  return (
    <tr>
      <Td className="font-mono whitespace-nowrap">{id}</Td>
      <Td num>
        {shareText(lately.answered, lately.sent)}
        <Sub>
          {formatCount(lately.sent)} {lately.sent === 1 ? "request" : "requests"}
        </Sub>
      </Td>
      <Td num>{durationAt(lately, 0.5)}</Td>
      <Td num>{durationAt(lately, 0.95)}</Td>
      <Td num wide>
        {durationAt(all, 0.5)}
      </Td>
      <Td num wide>
        {durationAt(all, 0.95)}
      </Td>
    </tr>
  );
}

function durationAt({ firstByte }: HealthTally, part: number): string {
  const milliseconds = percentileOf(firstByte, part);
  return milliseconds === null ? "—" : formatDuration(milliseconds);
}
