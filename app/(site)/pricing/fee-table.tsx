import { Sub, Table, Td, Th } from "@/components/ui/table";
import { env } from "@/lib/env";
import { formatUsd } from "@/lib/format";
import { NANO_PER_CREDIT } from "@/lib/money";
import { otherFees, purchaseFee } from "./fees";

/** What is compared: credits worth so much at the providers' list prices. */
const WORTH = 100 * NANO_PER_CREDIT;

/** What tokens worth $100 cost here and elsewhere. */
export function FeeTable() {
  const { purchaseFeeBps, purchaseFeeFixed } = env();
  const ownFee = {
    name: "OneKey",
    markup: "None",
    fee: purchaseFee({ purchaseFeeBps, purchaseFeeFixed }) ?? "None",
    total: WORTH + (WORTH / 10_000) * purchaseFeeBps + purchaseFeeFixed,
    source: null,
  };
  const otherRows = otherFees.map(({ extra, ...fee }) => ({
    ...fee,
    total: WORTH + Math.max((WORTH / 10_000) * extra.bps, extra.minimum),
  }));
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <Table size="page" edge="flush" caption="Fees of gateways">
        <thead>
          <tr>
            <Th>Gateway</Th>
            <Th wide>Markup on tokens</Th>
            <Th wide>Fee on purchases</Th>
            <Th num>Tokens worth $100 cost</Th>
          </tr>
        </thead>
        <tbody>
          {[ownFee, ...otherRows].map(({ name, markup, fee, total, source }) => (
            <tr key={name}>
              <Td>
                {name}
                {source === null ? null : (
                  <Sub>
                    <a href={source} className="link">
                      Source<span className="sr-only"> for {name}</span>
                    </a>
                  </Sub>
                )}
                <Sub className="md:hidden">
                  Markup: {markup}. Fee: {fee}.
                </Sub>
              </Td>
              <Td wide>{markup}</Td>
              <Td wide>{fee}</Td>
              <Td num className={source === null ? "font-medium" : undefined}>
                {formatUsd(total)}
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
      <p className="max-w-prose text-sm text-muted">
        As their pages said on 30 Nov 2026, for card payments without own provider keys. Taxes and
        the fees of a bank are not in it.
      </p>
    </div>
  );
}
