import { Sub, Table, Td, Th } from "@/components/ui/table";
import { formatTime } from "@/lib/format";
import { providerName } from "@/lib/providers";
import type { ProviderCooldown, CooldownReason } from "./report";

const reasons: Record<CooldownReason, string> = {
  "rate limit": "rate limit, as the provider stated",
  errors: "errors of several accounts; probed until it works",
  account: "a problem of our account there",
};

export function Cooldowns({ cooldowns }: { cooldowns: ProviderCooldown[] }) {
  return (
    <>
      <p className="max-w-prose text-base text-muted">
        A channel is one of our credentials at a provider. While it is in cooldown for a model,
        requests take another one. A model with no channel left is still tried.
      </p>
      {cooldowns.length === 0 ? (
        <p className="text-base">No cooldown.</p>
      ) : (
        <Table size="page" edge="flush" caption="Channels in cooldown">
          <thead>
            <tr>
              <Th>Provider</Th>
              <Th wide>Model</Th>
              <Th wide>Why</Th>
              <Th num wide>
                Channels
              </Th>
              <Th num>Until (UTC)</Th>
            </tr>
          </thead>
          <tbody>
            {cooldowns.map(({ provider, model, reason, cooling, channels, until }) => (
              <tr key={`${provider} ${model} ${reason}`}>
                <Td>
                  {providerName(provider)}
                  <Sub className="md:hidden">
                    {model ?? "all models"}: {reasons[reason]}
                  </Sub>
                </Td>
                <Td wide>
                  {model === null ? "all models" : <code className="font-mono">{model}</code>}
                </Td>
                <Td wide>{reasons[reason]}</Td>
                <Td num wide>
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
