import { ChevronsUpDown } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";
import { selectStyle } from "./select-style";

interface Props {
  label: string;
  /** Shown instead of the label. */
  icon?: ReactNode;
  name: string;
  value: string;
  options: { value: string; label: string }[];
  /** The id of its form, when the select is outside of the form. */
  form?: string;
  size?: "sm" | "md";
  className?: string;
}

/** A native select that looks like `Select`, so that a GET form works without scripts. */
export function NativeSelect({ label, icon, name, value, options, form, size, className }: Props) {
  return (
    <label
      className={cn(
        selectStyle({ size }),
        "relative has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus",
        className,
      )}
    >
      {icon === undefined ? (
        <span className="pointer-events-none pl-2.5 text-muted">{label}</span>
      ) : (
        <span className="pointer-events-none pl-2.5">{icon}</span>
      )}
      <select
        aria-label={label}
        name={name}
        form={form}
        defaultValue={value}
        key={value}
        className="h-full flex-1 field-sizing-content appearance-none bg-transparent pr-7 outline-none [&>option]:bg-popup [&>option]:text-text"
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronsUpDown aria-hidden="true" className="pointer-events-none absolute right-2" />
    </label>
  );
}
