"use client";

import { Toggle } from "@base-ui/react/toggle";
import { ToggleGroup } from "@base-ui/react/toggle-group";
import { segment, segmentTrack } from "./segmented-style";

interface Props<Value extends string> {
  label: string;
  options: { value: Value; label: string }[];
  value: Value;
  onChange: (value: Value) => void;
  size?: "sm" | "md";
}

/** Two to five choices of the same view; one is always chosen. Where the choice is an address, use `SegmentedLinks`. */
export function Segmented<Value extends string>({ label, options, value, onChange, size }: Props<Value>) {
  return (
    <ToggleGroup
      aria-label={label}
      value={[value]}
      onValueChange={([next]) => (next === undefined ? undefined : onChange(next))}
      className={segmentTrack}
    >
      {options.map((option) => (
        <Toggle key={option.value} value={option.value} className={segment({ size })}>
          {option.label}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
