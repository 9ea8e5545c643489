import { Link } from "@/components/ui/link";
import { Section } from "@/components/dashboard/section";
import { Amount } from "@/components/ui/amount";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import { formatCount, formatDay, formatUsd } from "@/lib/format";
import { providerName } from "@/lib/providers";
import type { UsageRow } from "@/lib/usage/schema";
import type { CostLine, CostSum } from "../cost-lines";

const names: Record<CostLine["kind"], string> = {
  input: "Input",
  cacheRead: "Cached input",
  cacheWrite5m: "Cache write, 5 minutes",
  cacheWrite1h: "Cache write, 1 hour",
  output: "Output",
};

/** Tokens × price = amount, line by line, at the prices that held when the request began. */
export function CostTable({ row, sum }: { row: UsageRow; sum: CostSum }) {
  const { reasoning } = row.tokens;
  return (
    <Section
      title="Cost"
      action={<span className="text-sm text-muted">Tokens × price = amount</span>}
    >
      <Table edge="flush" caption="Cost, line by line">
        <thead>
          <tr>
            <Th>Counted</Th>
            <Th num>Tokens</Th>
            <Th num>Price per 1M</Th>
            <Th num>Amount</Th>
          </tr>
        </thead>
        <tbody>
          {sum.lines.map(({ kind, count, rate, millionths }) => (
            <tr key={kind}>
              <Td>
                {names[kind]}
                {kind === "cacheRead" ? (
                  <Sub>read from {providerName(row.provider)}’s prompt cache</Sub>
                ) : null}
                {kind === "output" && reasoning > 0 ? (
                  <Sub>{formatCount(reasoning)} of them reasoning</Sub>
                ) : null}
              </Td>
              <Td num>{formatCount(count)}</Td>
              <Td num>
                <span className="text-muted max-md:hidden">× </span>
                {formatUsd(rate)}
              </Td>
              <Td num>
                <span className="text-muted max-md:hidden">= </span>
                <LineAmount millionths={millionths} />
              </Td>
            </tr>
          ))}
          {sum.other === 0 ? null : (
            <tr>
              <Td>
                Beyond tokens
                <Sub>tools that the provider ran, audio, images or characters</Sub>
              </Td>
              <Td num />
              <Td num />
              <Td num>
                <Amount nano={sum.other} as="request" />
              </Td>
            </tr>
          )}
        </tbody>
        <tfoot>
          <tr>
            <Td>{row.free ? "Worth, paid by a free request" : "Charged"}</Td>
            <Td num>{formatCount(sum.lines.reduce((total, { count }) => total + count, 0))}</Td>
            <Td num />
            <Td num>
              <span className="text-muted max-md:hidden">= </span>
              <Amount nano={row.cost} as="request" />
            </Td>
          </tr>
        </tfoot>
      </Table>
      <div className="grid gap-1 rounded-lg border border-line bg-quiet px-4 py-3 text-sm">
        <p className="font-mono wrap-anywhere tabular-nums">{integerText(row, sum)}</p>
        <p className="text-muted">
          Prices per million tokens in nano-credits; 1,000,000,000 are one credit, one dollar. List
          prices of{" "}
          <Link href={`/models/${sum.model.id}`} prefetch={false} className="link">
            {sum.model.name}
          </Link>{" "}
          since {formatDay(new Date(sum.since))}
          {sum.condition === null ? "" : `, ${sum.condition}`}
          {sum.aboveInputTokens === null
            ? ""
            : `, above ${formatCount(sum.aboveInputTokens)} input tokens`}
          , without markup
          {row.catalogVersion === undefined
            ? "."
            : `, fixed when the request began (catalog ${row.catalogVersion}).`}{" "}
          A fraction of a nano-credit is rounded up once, at the end.
        </p>
      </div>
    </Section>
  );
}

/** An amount of millionths of a nano-credit, exact to the digit. */
function LineAmount({ millionths }: { millionths: bigint }) {
  const [nano, fractionPart] = [millionths / 1_000_000n, millionths % 1_000_000n];
  const fraction =
    fractionPart === 0n ? "" : String(fractionPart).padStart(6, "0").replace(/0+$/, "");
  const decimals = String(nano % 1_000_000_000n).padStart(9, "0");
  const text = `$${formatCount(Number(nano / 1_000_000_000n))}.${decimals}${fraction}`;
  const quiet = /^[^1-9]*/.exec(text)?.[0] ?? "";
  return (
    <span className="whitespace-nowrap tabular-nums">
      <span className="text-muted">{quiet}</span>
      {text.slice(quiet.length)}
    </span>
  );
}

/** "(847 × 2,000,000,000 + …) / 1,000,000 = 19,772,000 nano-credits". */
function integerText({ cost }: UsageRow, { lines, other: unexplained }: CostSum): string {
  const products = lines.map(({ count, rate }) => `${formatCount(count)} × ${formatCount(rate)}`);
  const sum = products.length === 0 ? "0" : `(${products.join(" + ")}) / 1,000,000`;
  return `${sum}${unexplained === 0 ? "" : ` + ${formatCount(unexplained)}`} = ${formatCount(cost)} nano-credits`;
}
