"use client";

import { Toggle } from "@base-ui/react/toggle";
import { ToggleGroup } from "@base-ui/react/toggle-group";
import { cn } from "@/lib/cn";
import { segment, segmentTrack } from "./segmented-style";

interface Props<Value extends string> {
  label: string;
  options: { value: Value; label: string }[];
  value: Value;
  onChange: (value: Value) => void;
  size?: "sm" | "md";
  /** Fills the width; all choices have equal widths. */
  block?: boolean;
}

/**
 * Two to five choices of the same view. None is selected while the value is not among them. For links use
 * `SegmentedLinks`.
 */
export function Segmented<Value extends string>({
  label,
  options,
  value,
  onChange,
  size,
  block = false,
}: Props<Value>) {
  return (
    <ToggleGroup
      aria-label={label}
      value={[value]}
      onValueChange={([next]) => (next === undefined ? undefined : onChange(next))}
      className={cn(segmentTrack, block && "flex")}
    >
      {options.map((option) => (
        <Toggle
          key={option.value}
          value={option.value}
          className={cn(segment({ size }), block && "flex-1 justify-center")}
        >
          {option.label}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
