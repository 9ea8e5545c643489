import { Check } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";
import { Section } from "./section";

export interface FirstStep {
  name: string;
  /** When the step was done, or how to do it. */
  note: ReactNode;
  done: boolean;
}

/** The steps to a working setup. Each is checked off from the account's records. */
export function GettingStarted({ steps }: { steps: FirstStep[] }) {
  const doneCount = steps.filter((step) => step.done).length;
  return (
    <Section
      title="Getting started"
      action={
        <span className="text-sm text-muted tabular-nums">
          {doneCount} of {steps.length}
        </span>
      }
    >
      <ol className="border-t border-line">
        {steps.map((step) => (
          <li
            key={step.name}
            className="grid grid-cols-[16px_minmax(0,1fr)] gap-x-3 gap-y-0.5 border-b border-line py-[11px] last:border-0"
          >
            {step.done ? (
              <span className="mt-1 -ml-px grid size-3.5 place-items-center rounded-full bg-accent text-on-accent forced-colors:bg-[CanvasText]">
                <Check aria-hidden="true" className="size-2.5 stroke-3" />
              </span>
            ) : (
              <span className="mt-[5px] size-3 rounded-full border-[1.5px] border-line-control" />
            )}
            <span className={cn(step.done ? "text-muted" : "font-medium")}>
              {step.name}
              <span className="sr-only">{step.done ? ", done" : ", to do"}</span>
            </span>
            <small className="col-start-2 text-sm text-muted wrap-anywhere">{step.note}</small>
          </li>
        ))}
      </ol>
    </Section>
  );
}
