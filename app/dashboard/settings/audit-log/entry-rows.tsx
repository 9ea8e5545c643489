"use client";

import { ChevronRight } from "lucide-react";
import { useId, useState, type ReactNode } from "react";
import { Td } from "@/components/ui/table";

interface Props {
  /** The text of the button: when it happened. */
  time: ReactNode;
  /** The cells after the first one. */
  cells: ReactNode;
  columns: number;
  details: ReactNode;
}

/** An entry's row, and below it the row of its details, which its first cell opens. Without scripts all details are shown. */
export function EntryRows({ time, cells, columns, details }: Props) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    <>
      <tr className={isOpen ? "[&>td]:border-b-0 [&>td]:bg-quiet" : undefined}>
        <Td className="whitespace-nowrap tabular-nums">
          <button
            type="button"
            aria-expanded={isOpen}
            aria-controls={id}
            onClick={() => setOpen(!isOpen)}
            className="-ml-1 flex items-baseline gap-1 rounded-sm pr-1 text-left hover:bg-hover"
          >
            <ChevronRight
              aria-hidden="true"
              className={`size-3.5 flex-none translate-y-0.5 stroke-[1.75] noscript:hidden ${isOpen ? "rotate-90" : ""}`}
            />
            <span>{time}</span>
            <span className="sr-only">, details</span>
          </button>
        </Td>
        {cells}
      </tr>
      <tr id={id} hidden={!isOpen} className="noscript:table-row [&>td]:bg-quiet">
        <td colSpan={columns} className="pl-4.5!">
          {details}
        </td>
      </tr>
    </>
  );
}
