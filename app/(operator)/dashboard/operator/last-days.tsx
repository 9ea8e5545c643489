import { Section } from "@/components/dashboard/section";
import { ChartKey, DayChart } from "@/components/ui/day-chart";
import { Table, Td, Th } from "@/components/ui/table";
import { formatCount, formatDuration, formatShortDay, formatSize } from "@/lib/format";
import {
  percentileOf,
  sumTallies,
  type HealthDay,
  type HealthTally,
} from "@/lib/provider-health/schema";
import { providerIds, providerName } from "@/lib/providers";
import { DAY_MS } from "@/lib/usage/schema";

interface Props {
  /** The days that were counted; one without requests is missing. */
  days: HealthDay[];
  /** The first day and the last of the chart. */
  from: Date;
  to: Date;
}

/** Requests of all accounts by day and provider, how many succeeded, and how quickly. An hour is counted after its end. */
export function LastDays({ days, from, to }: Props) {
  const providers = providerIds();
  const dayByTime = new Map(days.map((day) => [day.day.getTime(), day]));
  const count = Math.round((to.getTime() - from.getTime()) / DAY_MS) + 1;
  const bars = Array.from({ length: count }, (_, index) => {
    const at = new Date(from.getTime() + index * DAY_MS);
    const day = dayByTime.get(at.getTime());
    const values = providers.map((provider) => (day ? tallyOf([day], provider).sent : 0));
    const total = values.reduce((sum, value) => sum + value, 0);
    const name = formatShortDay(at);
    return { name, title: `${name}: ${formatCount(total)} requests`, values };
  });
  return (
    <Section title={`Last ${count} days`}>
      <DayChart
        label={`Requests per day by provider, ${formatShortDay(from)} to ${formatShortDay(to)}`}
        days={bars}
        height={200}
        format={formatSize}
      />
      <Table edge="flush" caption={`Requests of ${count} days by provider`}>
        <thead>
          <tr>
            <Th>Provider</Th>
            <Th num>Requests</Th>
            <Th num>Succeeded</Th>
            <Th num wide>
              First byte, p50
            </Th>
            <Th num wide>
              First byte, p95
            </Th>
          </tr>
        </thead>
        <tbody>
          {providers.map((provider, series) => (
            <ProviderRow
              key={provider}
              provider={provider}
              series={series}
              tally={tallyOf(days, provider)}
            />
          ))}
        </tbody>
      </Table>
    </Section>
  );
}

interface RowProps {
  provider: string;
  series: number;
  tally: HealthTally;
}

function ProviderRow({ provider, series, tally: { sent, answered, firstByte } }: RowProps) {
  const durationAt = (part: number) => {
    const milliseconds = percentileOf(firstByte, part);
    return milliseconds === null ? "—" : formatDuration(milliseconds);
  };
  return (
    <tr>
      <Td>
        <ChartKey series={series} />
        {providerName(provider)}
      </Td>
      <Td num>{formatCount(sent)}</Td>
      <Td num>{sent === 0 ? "—" : `${((answered / sent) * 100).toFixed(2)}%`}</Td>
      <Td num wide>
        {durationAt(0.5)}
      </Td>
      <Td num wide>
        {durationAt(0.95)}
      </Td>
    </tr>
  );
}

const tallyOf = (days: HealthDay[], provider: string): HealthTally =>
  sumTallies(
    days.flatMap(({ hours }) => Object.values(hours).flatMap((tallies) => tallies[provider] ?? [])),
  );
