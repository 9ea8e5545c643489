import type { PaletteEntry } from "@/components/palette/entries";
import { formatUsd } from "@/lib/format";
import { pricedModels } from "../catalog";

/** The models for the command palette, with today's prices. */
export const GET = () =>
  Response.json(
    pricedModels().map(({ id, name, input, output }): PaletteEntry => ({
      group: "Models",
      kind: "model",
      title: name,
      note: `${formatUsd(input)} in, ${formatUsd(output)} out`,
      href: `/models/${id}`,
    })),
    { headers: { "cache-control": "public, max-age=300" } },
  );
