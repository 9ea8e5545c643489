"use client";

import { CSPProvider } from "@base-ui/react/csp-provider";
import { Select as Base } from "@base-ui/react/select";
import { Check, ChevronsUpDown } from "lucide-react";
import { cn } from "@/lib/cn";
import { selectStyle } from "./select-style";

export interface SelectOption {
  value: string;
  label: string;
}

interface Props {
  /** The muted word before the value; also its accessible name. */
  label: string;
  options: SelectOption[];
  value: string;
  onChange: (value: string) => void;
  name?: string;
  size?: "sm" | "md";
  disabled?: boolean;
  className?: string;
}

/** Selects one option from a popup list. Needs scripts; `NativeSelect` does not. */
export function Select({
  label,
  options,
  value,
  onChange,
  name,
  size,
  disabled,
  className,
}: Props) {
  return (
    // The library's style element hides a scrollbar that this popup does not have, and the CSP forbids it.
    <CSPProvider disableStyleElements>
      <Base.Root
        items={options}
        value={value}
        name={name}
        disabled={disabled}
        onValueChange={(next) => (typeof next === "string" ? onChange(next) : undefined)}
      >
        <Base.Trigger
          aria-label={`${label}: ${options.find((option) => option.value === value)?.label ?? value}`}
          className={cn(
            selectStyle({ size }),
            "pr-2 pl-2.5 data-disabled:bg-quiet data-disabled:text-muted",
            className,
          )}
        >
          <span className="text-muted">{label}</span>
          <Base.Value />
          <Base.Icon className="ml-auto">
            <ChevronsUpDown aria-hidden="true" />
          </Base.Icon>
        </Base.Trigger>
        <Base.Portal>
          <Base.Positioner
            sideOffset={4}
            align="start"
            alignItemWithTrigger={false}
            className="z-20"
          >
            <Base.Popup className="max-h-(--available-height) min-w-50 overflow-y-auto rounded-lg border border-line bg-popup p-1 shadow-popup transition-[opacity,translate] duration-normal outline-none data-ending-style:opacity-0 data-starting-style:-translate-y-1 data-starting-style:opacity-0">
              {options.map((option) => (
                <Base.Item
                  key={option.value}
                  value={option.value}
                  className="flex items-center gap-2 rounded-sm px-2 py-1.5 text-sm outline-none select-none data-highlighted:bg-hover"
                >
                  <span className="size-4 text-accent">
                    <Base.ItemIndicator>
                      <Check aria-hidden="true" className="size-4 stroke-[1.75]" />
                    </Base.ItemIndicator>
                  </span>
                  <Base.ItemText>{option.label}</Base.ItemText>
                </Base.Item>
              ))}
            </Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      </Base.Root>
    </CSPProvider>
  );
}
