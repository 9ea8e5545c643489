import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

export interface TrackStep {
  name: string;
  note?: ReactNode;
  state: "done" | "now" | "todo" | "failed";
}

const rings = {
  done: "after:border-[1.5px] after:border-accent after:bg-accent",
  now: "after:border-[3.5px] after:border-accent after:bg-bg",
  todo: "text-muted after:border-[1.5px] after:border-line-control after:bg-bg",
  failed: "after:border-[3.5px] after:border-danger after:bg-bg",
};
const words = { done: "done", now: "in progress", todo: "to come", failed: "failed" };

/** The steps of a process: hollow ring for to come, thick ring for now, filled for done. Vertical on phones. */
export function Track({ label, steps }: { label: string; steps: TrackStep[] }) {
  return (
    <ol
      aria-label={label}
      className="grid auto-cols-fr grid-flow-col max-md:grid-flow-row max-md:auto-cols-auto"
    >
      {steps.map(({ name, note, state }) => (
        <li
          key={name}
          aria-current={state === "now" ? "step" : undefined}
          className={cn(
            "relative grid content-start gap-0.5 pt-[22px] text-sm/4 max-md:pt-0 max-md:pb-4 max-md:pl-6",
            "before:absolute before:inset-x-0 before:top-[7px] before:h-px before:bg-line-control before:content-[''] last:before:hidden",
            "max-md:before:inset-x-auto max-md:before:top-3.5 max-md:before:-bottom-[3px] max-md:before:left-[5px] max-md:before:h-auto max-md:before:w-px",
            "after:absolute after:top-0.5 after:left-0 after:size-[11px] after:rounded-full after:content-['']",
            state === "done" &&
              "before:top-[6.5px] before:h-0.5 before:bg-accent max-md:before:left-[4.5px] max-md:before:w-0.5",
            rings[state],
          )}
        >
          <span
            className={cn(
              (state === "now" || state === "failed") && "font-medium",
              state === "failed" && "text-danger",
            )}
          >
            {state === "failed" ? (
              <CircleAlert aria-hidden="true" className="mr-1 inline size-3.5 stroke-[1.75]" />
            ) : null}
            {name}
            <span className="sr-only">, {words[state]}</span>
          </span>
          {note === undefined ? null : (
            <small className="text-xs text-muted tabular-nums">{note}</small>
          )}
        </li>
      ))}
    </ol>
  );
}
