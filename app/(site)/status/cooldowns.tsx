import { providerNames } from "@/app/catalog";
import { Table, Td, Th } from "@/components/ui/table";
import { Provider } from "@/lib/catalog/schema";
import { formatTime } from "@/lib/format";
import type { Cooldown } from "./report";

export function Cooldowns({ cooldowns }: { cooldowns: Cooldown[] }) {
  return (
    <>
      <p className="max-w-prose text-base text-muted">
        A channel is one of our credentials at a provider. While it is in cooldown, requests take
        another one.
      </p>
      {cooldowns.length === 0 ? (
        <p className="text-base">No cooldown.</p>
      ) : (
        <Table size="page" edge="flush" caption="Channels in cooldown">
          <thead>
            <tr>
              <Th>Provider</Th>
              <Th num>Channels</Th>
              <Th num>Until (UTC)</Th>
            </tr>
          </thead>
          <tbody>
            {cooldowns.map(({ provider, cooling, channels, until }) => (
              <tr key={provider}>
                <Td>{nameOf(provider)}</Td>
                <Td num>
                  {cooling} of {channels}
                </Td>
                <Td num className="whitespace-nowrap">
                  {formatTime(until)}
                </Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </>
  );
}

function nameOf(provider: string): string {
  const known = Provider.safeParse(provider);
  return known.success ? providerNames[known.data] : provider;
}
