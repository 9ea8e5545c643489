import { formatCount, formatUsd } from "@/lib/format";
import type { CostLine, CostSum } from "./cost-lines";

const words: Record<CostLine["kind"], string> = {
  input: "in",
  cacheRead: "cached",
  cacheWrite5m: "written to the cache",
  cacheWrite1h: "written to the cache for an hour",
  output: "out",
};

/** "3,412 in × $2.00 + 96 out × $10.00, per million tokens". */
export function sumText({ lines }: CostSum): string {
  const parts = lines.map(
    ({ kind, count, rate }) => `${formatCount(count)} ${words[kind]} × ${formatUsd(rate)}`,
  );
  return `${parts.join(" + ")}, per million tokens`;
}
