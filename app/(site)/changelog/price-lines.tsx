import { decimals, Price } from "@/components/site/price-table";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import { formatDay, formatSize } from "@/lib/format";
import type { PriceLine } from "./entries";

type PriceKind = "input" | "cacheRead" | "output";

/** Models with their prices; an old price is struck. `dated` lists the prices of one model by their days. */
export function PriceLines({ prices, dated = false }: { prices: PriceLine[]; dated?: boolean }) {
  const priced = prices.filter(({ after }) => after.rates.input > 0 || after.rates.output > 0);
  if (priced.length === 0) return null;
  const pad = (kind: PriceKind) =>
    decimals(
      priced.flatMap(({ before, after }) => [before?.rates[kind] ?? null, after.rates[kind]]),
    );
  const pads = { input: pad("input"), cacheRead: pad("cacheRead"), output: pad("output") };
  return (
    <Table size="page" edge="flush" caption="Models and prices" className="table-fixed text-sm">
      <thead>
        <tr>
          <Th className="w-[34%]">{dated ? "From" : "Model"}</Th>
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
        {priced.map(({ model, before, after }) => (
          <tr key={`${model.id} ${after.from}`}>
            <Td>
              {dated ? (
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
