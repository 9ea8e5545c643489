import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

const style = cva(
  [
    "w-full border-collapse text-sm",
    "[&_th]:border-b [&_th]:border-line-strong [&_th]:px-3 [&_th]:py-2 [&_th]:text-left [&_th]:align-bottom [&_th]:font-medium [&_th]:whitespace-nowrap [&_th]:text-muted",
    "[&_td]:border-b [&_td]:border-line [&_td]:px-3 [&_td]:align-top [&_tbody>tr:last-child>td]:border-b-0",
    "max-md:[&_:is(td,th)]:px-2",
    "[&_tfoot_td]:border-t [&_tfoot_td]:border-b-0 [&_tfoot_td]:border-line-strong [&_tfoot_td]:font-medium",
  ],
  {
    variants: {
      size: {
        dashboard: "[&_td]:py-[9px] [&_th]:text-xs",
        page: "text-base [&_td]:py-2.5 [&_th]:text-sm",
      },
      edge: {
        inset: "[&_:is(td,th):first-child]:pl-4 [&_:is(td,th):last-child]:pr-4",
        flush: "[&_:is(td,th):first-child]:pl-0 [&_:is(td,th):last-child]:pr-0",
      },
      hover: { true: "[&_tbody>tr:not([data-group]):hover]:bg-quiet", false: "" },
    },
    defaultVariants: { size: "dashboard", edge: "inset", hover: false },
  },
);

type TableProps = ComponentProps<"table"> & VariantProps<typeof style> & { caption?: string };

/** A table. `caption` is for screen readers. `Td wide` and `Th wide` are hidden on phones. */
export function Table({ size, edge, hover, caption, className, children, ...props }: TableProps) {
  return (
    <div className="min-w-0 overflow-x-auto">
      <table {...props} className={cn(style({ size, edge, hover }), className)}>
        {caption === undefined ? null : <caption className="sr-only">{caption}</caption>}
        {children}
      </table>
    </div>
  );
}

interface CellProps {
  num?: boolean;
  wide?: boolean;
  muted?: boolean;
}

export function Th({
  num,
  wide,
  className,
  ...props
}: Omit<ComponentProps<"th">, "muted"> & CellProps) {
  return (
    <th
      scope="col"
      {...props}
      className={cn(num && "text-right! tabular-nums", wide && "max-md:hidden", className)}
    />
  );
}

export function Td({ num, wide, muted, className, ...props }: ComponentProps<"td"> & CellProps) {
  return (
    <td
      {...props}
      className={cn(
        num && "text-right tabular-nums",
        wide && "max-md:hidden",
        muted && "text-muted",
        className,
      )}
    />
  );
}

/** The heading of a group of rows, such as one provider's. */
export function GroupRow({
  title,
  note,
  columns,
}: {
  title: string;
  note?: string;
  columns: number;
}) {
  return (
    <tr data-group="">
      <th scope="colgroup" colSpan={columns} className="pt-7! text-base! font-strong! text-text!">
        {title}
        {note === undefined ? null : (
          <span className="ml-2.5 text-sm font-normal text-muted">{note}</span>
        )}
      </th>
    </tr>
  );
}

/** The quieter second line of a cell. */
export function Sub({ className, ...props }: ComponentProps<"span">) {
  return <span {...props} className={cn("block text-xs text-muted", className)} />;
}
