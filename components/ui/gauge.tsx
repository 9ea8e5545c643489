import { MeterBar } from "./meter-bar";

/** Where a bar has gaps: alerts are sent at these shares of a credit limit. */
const MARKS = [50, 80];
const WARNING_FROM = 90;

interface Props {
  /** Whose limit it is: "support-bot, day". */
  label: string;
  /** "$3.38 left" and "of $5.00". */
  remaining: string;
  of: string;
  chargedPercent: number;
  heldPercent: number;
}

/** What is left of a limit, over a thin bar of what is charged and held. */
export function Gauge({ label, remaining, of, chargedPercent, heldPercent }: Props) {
  const chargedWidth = Math.min(100, Math.max(0, chargedPercent));
  const heldWidth = Math.min(100 - chargedWidth, Math.max(0, heldPercent));
  const usedWidth = chargedWidth + heldWidth;
  const isLow = usedWidth >= WARNING_FROM;
  return (
    <div className="grid max-w-37 min-w-24 gap-1 pt-px max-md:max-w-none">
      <div className="flex items-baseline justify-between gap-1.5 whitespace-nowrap tabular-nums">
        <span>{remaining}</span>
        <small className="text-xs text-muted">{of}</small>
      </div>
      <MeterBar
        label={label}
        percent={usedWidth}
        text={`${remaining} ${of}`}
        className="h-1 rounded-[2px]"
      >
        <rect
          width={`${chargedWidth.toFixed(2)}%`}
          height="4"
          className={`forced-colors:fill-[Highlight] ${isLow ? "fill-warning" : "fill-accent"}`}
        />
        <rect
          x={`${chargedWidth.toFixed(2)}%`}
          width={`${heldWidth.toFixed(2)}%`}
          height="4"
          className={isLow ? "fill-warning" : "fill-chart-2"}
        />
        {MARKS.map((mark) => (
          <rect key={mark} x={`${mark}%`} width="2" height="4" className="fill-bg" />
        ))}
      </MeterBar>
    </div>
  );
}
