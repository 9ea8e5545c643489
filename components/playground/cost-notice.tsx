import { Link } from "@/components/ui/link";
import { Amount } from "@/components/ui/amount";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { formatCount } from "@/lib/format";
import type { PlaygroundSettings } from "./settings";
import type { CostState } from "./use-max-cost";

interface Props {
  cost: CostState;
  settings: PlaygroundSettings;
  onSettings: (settings: PlaygroundSettings) => void;
}

/** Why the message cannot be sent, and what would help. */
export function CostNotice({ cost, settings, onSettings }: Props) {
  if (cost.kind === "refused")
    return (
      <Notice tone="danger" live>
        {cost.problem}
      </Notice>
    );
  if (cost.kind !== "known" || cost.fits) return null;
  const { maxCost, available, outputThatFits } = cost;
  return (
    <Notice tone="warning" live>
      <span className="grid justify-items-start gap-2">
        <span>
          The request can cost up to <Amount nano={maxCost} as="price" />, and{" "}
          <Amount nano={Math.max(0, available)} as="price" /> is available.
        </span>
        <span className="flex flex-wrap gap-2">
          {outputThatFits > 0 ? (
            <Button
              size="sm"
              onClick={() => onSettings({ ...settings, maxOutput: outputThatFits })}
            >
              Set maximum output to {formatCount(outputThatFits)}
            </Button>
          ) : null}
          <Link href="/dashboard/credits" className="link self-center text-sm">
            Add credits
          </Link>
        </span>
      </span>
    </Notice>
  );
}
