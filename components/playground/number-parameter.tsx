import { useId } from "react";
import { Input } from "@/components/ui/input";
import { formatCount } from "@/lib/format";

interface NumberProps {
  label: string;
  min: number;
  max: number;
  step: number;
  unit?: string;
  /** Whether the slider is logarithmic, for a wide range. */
  isScaled?: boolean;
  value: number;
  onChange: (value: number | undefined) => void;
}

/** A slider and the same number as a field; a number outside of the bounds becomes the nearest within them. */
export function NumberParameter({
  label,
  min,
  max,
  step,
  unit,
  isScaled,
  value,
  onChange,
}: NumberProps) {
  const id = useId();
  const round = (next: number) =>
    Number((Math.round(Math.min(max, Math.max(min, next)) / step) * step).toFixed(4));
  const toSlider = (next: number) => (isScaled ? Math.log2(next) : next);
  const fromSlider = (position: number) => round(isScaled ? 2 ** position : position);
  return (
    <div className="grid gap-1.5">
      <div className="flex items-center justify-between gap-3">
        <label htmlFor={id} className="text-sm/4 font-medium">
          {label}
        </label>
        <Input
          key={value}
          aria-label={`${label} as a number`}
          inputMode="decimal"
          defaultValue={isScaled ? formatCount(value) : String(value)}
          onBlur={(event) => {
            const next = Number(event.target.value.replaceAll(",", ""));
            onChange(Number.isFinite(next) ? round(next) : value);
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter") event.currentTarget.blur();
          }}
          className="h-control-sm w-24 text-right text-sm tabular-nums"
        />
      </div>
      <input
        id={id}
        type="range"
        min={toSlider(min)}
        max={toSlider(max)}
        step={isScaled ? 0.01 : step}
        value={toSlider(value)}
        aria-valuetext={unit === undefined ? undefined : `${formatCount(value)} ${unit}`}
        onChange={(event) => onChange(fromSlider(Number(event.target.value)))}
        className="w-full accent-accent"
      />
      <div className="flex justify-between text-xs text-muted tabular-nums">
        <span>{min}</span>
        <span>
          {formatCount(max)} {unit}
        </span>
      </div>
    </div>
  );
}

/** A parameter that is sent only when it is set. */
export function OptionalNumber(
  props: Omit<NumberProps, "value"> & {
    value: number | undefined;
    first: number;
    note: string | undefined;
  },
) {
  const { label, min, max, value, first, note, onChange } = props;
  if (value === undefined)
    return (
      <UnsetParameter label={label} bounds={`${min} to ${max}`} onSet={() => onChange(first)} />
    );
  return (
    <div className="grid gap-1">
      <NumberParameter {...props} value={value} />
      <ResetParameter label={label} note={note} onReset={() => onChange(undefined)} />
    </div>
  );
}

const action = "text-sm text-muted underline-offset-2 hover:text-text hover:underline";

/** A parameter that is not sent, with its bounds and the button that sets it. */
export function UnsetParameter({
  label,
  bounds,
  onSet,
}: {
  label: string;
  bounds: string;
  onSet: () => void;
}) {
  return (
    <div className="flex items-center justify-between gap-3 border-b border-line pb-2 text-sm">
      <span>
        {label} <span className="text-muted">{bounds}</span>
      </span>
      <button type="button" aria-label={`Set ${label}`} onClick={onSet} className={action}>
        Set
      </button>
    </div>
  );
}

/** The button under a parameter that is sent, after which it is not. */
export function ResetParameter({
  label,
  note,
  onReset,
}: {
  label: string;
  note?: string | undefined;
  onReset: () => void;
}) {
  return (
    <div className="flex justify-between gap-3 text-xs text-muted">
      <span>{note}</span>
      <button
        type="button"
        aria-label={`Do not send ${label}`}
        onClick={onReset}
        className={action}
      >
        Reset
      </button>
    </div>
  );
}
