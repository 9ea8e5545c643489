import { Section } from "@/components/dashboard/section";
import { Amount } from "@/components/ui/amount";
import { FigureStrip, type StripFigure } from "@/components/ui/figure-strip";
import type { UsageRow } from "@/lib/usage/schema";

/** What was held when the request began, what it cost and what was returned; rows of earlier versions do not state it. */
export function HeldAndCharged({ row }: { row: UsageRow }) {
  const { held: heldAmount, cost } = row;
  if (heldAmount === undefined || (heldAmount === 0 && cost === 0)) return null;
  return (
    <Section title="Held and charged">
      <FigureStrip figures={figuresOf(row, heldAmount)} />
    </Section>
  );
}

function figuresOf({ cost, free, endedBy }: UsageRow, heldAmount: number): StripFigure[] {
  const charge = {
    term: free ? "Used" : "Charged",
    figure: <Amount nano={cost} />,
    note: cost === 0 ? "nothing was charged" : "what it did cost",
  };
  const hold = {
    term: free ? "Held of the free allowance" : "Held at the start",
    figure: <Amount nano={heldAmount} />,
    note: "the most it could cost, or all there was",
  };
  // Only a request that holds the entire balance can cost more than it holds.
  if (cost > heldAmount)
    return [
      hold,
      {
        term: "Beyond the hold",
        figure: <Amount nano={cost - heldAmount} />,
        operator: "+",
        note: "the entire balance was held",
      },
      { ...charge, operator: "=" },
    ];
  return [
    hold,
    { ...charge, operator: "−" },
    {
      term: free ? "Returned to the allowance" : "Returned to the balance",
      figure: <Amount nano={heldAmount - cost} />,
      operator: "=",
      note:
        endedBy === "interrupted" ? "once the hold was swept" : "in the same write as the charge",
    },
  ];
}
