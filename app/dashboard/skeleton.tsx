import { FigureStrip } from "@/components/ui/figure-strip";
import { Skeleton, TableSkeleton } from "@/components/ui/skeleton";

const terms = ["Available", "Spent today", "Spent in 30 days", "Lasts about"];
// The bars fit the narrowest phone: a table that scrolls must hold something that takes the focus.
const columns = [
  { name: "Time (UTC)", bar: "w-16" },
  { name: "Model", bar: "w-28" },
  { name: "Project", wide: true, bar: "w-24" },
  { name: "Cost", num: true, bar: "w-14" },
  { name: "Ended", wide: true, bar: "w-16" },
];

/** In the place of the overview's figures until they are there, of the same heights. */
export function OverviewSkeleton() {
  return (
    <>
      <FigureStrip
        figures={terms.map((term) => ({
          term,
          figure: <Skeleton className="my-3 w-24" />,
          note: <Skeleton className="my-[3px] w-28" />,
        }))}
      />
      <div className="h-91 border-b border-line" />
      <TableSkeleton columns={columns} rows={8} />
    </>
  );
}
