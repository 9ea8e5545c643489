"use client";

import { useState, type PointerEvent, type ReactNode } from "react";
import { ChartKey } from "@/components/ui/day-chart";

export interface ChartTip {
  /** From the top of the stack down. */
  lines: { name: string; series: number; text: string }[];
  name: string;
  total: string;
}

/** Shows the figures of the day under the pointer. A table next to the chart has the same figures. */
export function ChartTips({ tips, children }: { tips: ChartTip[]; children: ReactNode }) {
  const [position, setShown] = useState<{ index: number; left: number; width: number } | null>(
    null,
  );
  const move = (event: PointerEvent<HTMLDivElement>) => {
    const svg = event.currentTarget.querySelector("svg");
    if (!svg) return;
    const { left: offset, width } = svg.getBoundingClientRect();
    const index = Math.floor(((event.clientX - offset) / width) * tips.length);
    setShown(
      index >= 0 && index < tips.length
        ? { index, left: ((index + 0.5) / tips.length) * width, width }
        : null,
    );
  };
  const tip = position && tips[position.index];
  return (
    <div className="relative" onPointerMove={move} onPointerLeave={() => setShown(null)}>
      {children}
      {tip && tip.lines.length > 0 ? (
        <div
          aria-hidden="true"
          // Set by script only, because the content security policy allows no style attribute in the page.
          style={{
            left: position.left,
            translate: position.left > position.width / 2 ? "calc(-100% - 16px)" : "16px",
          }}
          className="pointer-events-none absolute top-6 z-10 w-59 rounded-lg border border-line bg-popup px-3 py-2.5 text-xs/5 shadow-popup max-md:w-45"
        >
          {tip.lines.map(({ name, series, text }) => (
            <div key={name} className="flex justify-between gap-3">
              <span className="truncate">
                <ChartKey series={series} />
                {name}
              </span>
              <span className="tabular-nums">{text}</span>
            </div>
          ))}
          <div className="mt-1.5 flex justify-between gap-3 border-t border-line pt-1.5 font-medium">
            <span>{tip.name}</span>
            <span className="tabular-nums">{tip.total}</span>
          </div>
        </div>
      ) : null}
    </div>
  );
}
