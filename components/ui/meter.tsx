import { MeterBar } from "./meter-bar";

interface Props {
  label: string;
  /** Spoken in place of the label, where the label does not say whose meter it is. */
  spokenLabel?: string;
  value: number;
  max: number;
  /** The visible and spoken text: "$46.20 of $75.00". */
  text: string;
}

/** The used part of a limit, in the warning color from 90 % on. */
export function Meter({ label, spokenLabel = label, value, max, text }: Props) {
  const share = max > 0 ? Math.min(100, Math.max(0, (value / max) * 100)) : 0;
  return (
    <div className="grid gap-1.5">
      <div className="flex justify-between gap-3 text-sm/4">
        <span>{label}</span>
        <span className="text-muted tabular-nums">{text}</span>
      </div>
      <MeterBar label={spokenLabel} percent={share} text={text} className="h-1.5 rounded-sm">
        <rect
          width={`${share.toFixed(2)}%`}
          height="6"
          className={`forced-colors:fill-[Highlight] ${share >= 90 ? "fill-warning" : "fill-accent"}`}
        />
      </MeterBar>
    </div>
  );
}
