import { findModel } from "@/lib/catalog/queries";
import { emptyScan } from "../body-scan/schema";
import { estimateUsage } from "./estimate";
import type { EstimateCase } from "./fixtures/estimate-cases";
import { createUsageReader } from "./reader";

/** How far estimates are off, as ratios to the truth; `sum` is that of all of a group together. */
export interface EstimateErrors {
  group: string;
  cases: number;
  median: number;
  p95: number;
  sum: number;
}

type Side = "input" | "output" | "total";

/** The errors of the estimates of one side, by group and in all. */
export async function estimateErrors(cases: EstimateCase[], side: Side): Promise<EstimateErrors[]> {
  const groups = new Map<string, { estimate: number; truth: number }[]>();
  for (const estimateCase of cases) {
    const { input, output } = await estimateOf(estimateCase);
    const pick = (tokens: { input: number; output: number }) =>
      side === "total" ? tokens.input + tokens.output : tokens[side];
    const pair = { estimate: pick({ input, output }), truth: pick(estimateCase.truth) };
    for (const group of [estimateCase.group, "all"])
      groups.set(group, [...(groups.get(group) ?? []), pair]);
  }
  return [...groups].map(([group, pairs]) => {
    const ratios = pairs.map(({ estimate, truth }) => estimate / truth).toSorted((a, b) => a - b);
    const at = (share: number) =>
      ratios[Math.min(ratios.length - 1, Math.floor(ratios.length * share))] ?? 0;
    const sumOf = (name: "estimate" | "truth") => pairs.reduce((sum, pair) => sum + pair[name], 0);
    return {
      group,
      cases: pairs.length,
      median: at(0.5),
      p95: at(0.95),
      sum: sumOf("estimate") / sumOf("truth"),
    };
  });
}

async function estimateOf({ model: id, endpoint, request, stream }: EstimateCase) {
  const model = findModel(id);
  if (!model) throw new Error(`There is no model ${id}.`);
  const body = Buffer.from(JSON.stringify(request));
  const reader = createUsageReader({
    endpoint,
    provider: model.provider,
    contentType: stream === "" ? "" : "text/event-stream",
  });
  const bytes = Buffer.from(stream);
  // As it arrives: a few events at a time.
  for (let at = 0; at < bytes.length; at += 1_460) reader.push(bytes.subarray(at, at + 1_460));
  reader.end();
  const scan = { ...emptyScan(body.length), stream: stream !== "" };
  return estimateUsage({ model, endpoint, scan, reader, startedAt: performance.now(), body });
}
