import { Table, Td, Th } from "@/components/ui/table";
import { formatCount, formatDuration } from "@/lib/format";
import { providerName } from "@/lib/providers";
import type { SubjectHealth } from "./health";

const duration = (milliseconds: number | null) =>
  milliseconds === null ? "—" : formatDuration(milliseconds);

/** How fast each provider responded in the last 24 hours, and all together. */
export function LatencyTable({ health }: { health: SubjectHealth[] }) {
  const all = health.find(({ subject }) => subject === "onekey");
  return (
    <Table size="page" edge="flush" caption="Latency by provider">
      <thead>
        <tr>
          <Th>Provider</Th>
          <Th num wide>
            Requests
          </Th>
          <Th num>First byte, p50</Th>
          <Th num>First byte, p95</Th>
          <Th num wide>
            p50, 7 days before
          </Th>
          <Th num wide>
            Tokens a second, p50
          </Th>
        </tr>
      </thead>
      <tbody>
        {health
          .filter(({ subject }) => subject !== "onekey")
          .map(({ subject, latency }) => (
            <LatencyRow key={subject} name={providerName(subject)} latency={latency} />
          ))}
      </tbody>
      {all === undefined ? null : (
        <tfoot>
          <LatencyRow name="All" latency={all.latency} />
        </tfoot>
      )}
    </Table>
  );
}

function LatencyRow({ name, latency }: { name: string; latency: SubjectHealth["latency"] }) {
  return (
    <tr>
      <Td>{name}</Td>
      <Td num wide>
        {formatCount(latency.requests)}
      </Td>
      <Td num>{duration(latency.firstByteP50)}</Td>
      <Td num>{duration(latency.firstByteP95)}</Td>
      <Td num wide muted>
        {duration(latency.weekBefore)}
      </Td>
      <Td num wide>
        {latency.speedP50 === null ? "—" : formatCount(latency.speedP50)}
      </Td>
    </tr>
  );
}
