import { decimals, Price } from "@/components/site/price-table";
import { Table, Td, Th } from "@/components/ui/table";
import type { Model, Rates, TokenRates } from "@/lib/catalog/schema";
import { formatSize } from "@/lib/format";

interface PriceLine {
  name: string;
  rates: TokenRates;
}

/** What each kind of token costs, with the tiers and service tiers that reprice a request. */
export function Prices({
  rates,
  tiers,
  factors = {},
}: {
  rates: Rates;
  tiers: NonNullable<Model["prices"][number]["serviceTiers"]>;
  /** Thousandths of the standard price, by the field that asks for them and its value. */
  factors?: Record<string, Record<string, number> | undefined>;
}) {
  const lines: PriceLine[] = [
    { name: "Standard", rates },
    ...(rates.tiers ?? []).map((tier) => ({
      name: `Above ${formatSize(tier.aboveInputTokens)} tokens in`,
      rates: tier,
    })),
    ...Object.entries(tiers).map(([name, rates]) => ({
      name: `service_tier “${name}”`,
      rates: rates,
    })),
    ...Object.entries(factors).flatMap(([field, values = {}]) =>
      Object.entries(values).map(([value, permille]) => ({
        name: `${field} “${value}”`,
        rates: scaled(rates, permille),
      })),
    ),
  ];
  const columns = kinds.filter(({ of }) => lines.some((line) => of(line.rates) !== undefined));
  return (
    <Table
      size="page"
      edge="flush"
      caption="US dollars per million tokens"
      className="max-md:block max-md:[&_:is(tbody,tr,td)]:block max-md:[&_td]:border-0 max-md:[&_td]:p-0 max-md:[&_thead]:hidden max-md:[&_tr]:border-b max-md:[&_tr]:border-line max-md:[&_tr]:py-3"
    >
      <thead>
        <tr>
          <Th>Per million tokens</Th>
          {columns.map(({ name }) => (
            <Th key={name} num>
              {name}
            </Th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.name}>
            <Td className="max-md:font-medium">{line.name}</Td>
            {columns.map(({ name, of }) => (
              <Td key={name} num className="max-md:flex! max-md:justify-between">
                <span className="text-muted md:hidden">{name}</span>
                <Price
                  nano={of(line.rates) ?? null}
                  pad={decimals(lines.map((line) => of(line.rates) ?? null))}
                />
              </Td>
            ))}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

/** The token prices at a factor in thousandths. */
function scaled(rates: TokenRates, permille: number): TokenRates {
  const next = { ...rates };
  for (const kind of TOKEN_KINDS) {
    const rate = rates[kind];
    if (rate !== undefined) next[kind] = Math.round((rate * permille) / 1_000);
  }
  return next;
}

const TOKEN_KINDS = [
  "input",
  "cacheRead",
  "cacheWrite5m",
  "cacheWrite1h",
  "output",
  "inputAudio",
  "outputAudio",
  "inputImage",
  "outputImage",
] as const satisfies (keyof TokenRates)[];

/** A kind of token that is billed as another has no separate column. */
const apart = (kind: keyof TokenRates, as: keyof TokenRates) => (rates: TokenRates) =>
  rates[kind] === rates[as] ? undefined : rates[kind];

const kinds: { name: string; of: (rates: TokenRates) => number | undefined }[] = [
  { name: "Input", of: (rates) => rates.input },
  { name: "Cached input", of: apart("cacheRead", "input") },
  { name: "Cache write", of: apart("cacheWrite5m", "input") },
  { name: "Long cache write", of: apart("cacheWrite1h", "cacheWrite5m") },
  { name: "Output", of: (rates) => rates.output },
  { name: "Audio in", of: (rates) => rates.inputAudio },
  { name: "Audio out", of: (rates) => rates.outputAudio },
  { name: "Image in", of: (rates) => rates.inputImage },
  { name: "Image out", of: (rates) => rates.outputImage },
];
