import { decimals, Price } from "@/components/site/price-table";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import { formatDay, formatSize } from "@/lib/format";
import type { PriceLine } from "./entries";

type PriceKind = "input" | "cacheRead" | "output";

/** Models with their prices; an old price is struck. `hasDates` lists the prices of one model by their days. */
export function PriceLines({
  prices,
  hasDates = false,
}: {
  prices: PriceLine[];
  hasDates?: boolean;
}) {
  const tokenPrices = prices.filter(({ after }) => after.rates.input > 0 || after.rates.output > 0);
  if (tokenPrices.length === 0) return null;
  const pad = (kind: PriceKind) =>
    decimals(
      tokenPrices.flatMap(({ before, after }) => [before?.rates[kind] ?? null, after.rates[kind]]),
    );
  const pads = { input: pad("input"), cacheRead: pad("cacheRead"), output: pad("output") };
  return (
    <Table size="page" edge="flush" caption="Models and prices" className="table-fixed text-sm">
      <thead>
        <tr>
          <Th className="w-[34%]">{hasDates ? "From" : "Model"}</Th>
          <Th num>Input</Th>
          <Th num wide>
            Cached input
          </Th>
          <Th num>Output</Th>
          <Th num wide>
            Context
          </Th>
        </tr>
      </thead>
      <tbody>
        {tokenPrices.map(({ model, before, after }) => (
          <tr key={`${model.id} ${after.from}`}>
            <Td>
              {hasDates ? (
                formatDay(new Date(after.from))
              ) : (
                <>
                  {model.name}
                  <Sub className="font-mono wrap-anywhere">{model.id}</Sub>
                </>
              )}
            </Td>
            {(["input", "cacheRead", "output"] as const).map((kind) => (
              <Td key={kind} num wide={kind === "cacheRead"}>
                {before && before.rates[kind] !== after.rates[kind] ? (
                  <s className="mr-1.5 text-muted decoration-1">
                    <span className="sr-only">was </span>
                    <Price nano={before.rates[kind]} pad={pads[kind]} />
                    <span className="sr-only">, now </span>
                  </s>
                ) : null}
                <Price nano={after.rates[kind]} pad={pads[kind]} />
              </Td>
            ))}
            <Td num wide>
              {formatSize(model.context)}
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
