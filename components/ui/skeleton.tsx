import { cn } from "@/lib/cn";
import { Table, Td, Th } from "./table";

/** A bar where text will be. Comes after 150 ms, so that a fast answer shows none. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={cn(
        "my-[5px] block h-2.5 rounded-sm bg-hover motion-safe:animate-pulse motion-safe:[animation-delay:150ms]",
        className,
      )}
    />
  );
}

interface SkeletonColumn {
  name: string;
  num?: boolean;
  wide?: boolean;
  /** A width utility for the bar, such as "w-24". */
  bar: string;
}

/** The same head and as many rows as the table that will take its place. */
export function TableSkeleton({ columns, rows }: { columns: SkeletonColumn[]; rows: number }) {
  return (
    <div role="status">
      <span className="sr-only">Loading</span>
      <Table edge="flush">
        <thead>
          <tr>
            {columns.map(({ name, num, wide }) => (
              <Th key={name} num={num} wide={wide}>
                {name}
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: rows }, (_, row) => (
            <tr key={row}>
              {columns.map(({ name, num, wide, bar }) => (
                <Td key={name} num={num} wide={wide}>
                  <Skeleton className={cn(bar, num && "ml-auto")} />
                </Td>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}
