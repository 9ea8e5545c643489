import { TableSkeleton } from "@/components/ui/skeleton";

const columns = [
  { name: "Time (UTC)", bar: "w-24" },
  { name: "Model", bar: "w-32" },
  { name: "Project", wide: true, bar: "w-24" },
  { name: "Input", num: true, wide: true, bar: "w-10" },
  { name: "Cached", num: true, wide: true, bar: "w-10" },
  { name: "Output", num: true, wide: true, bar: "w-10" },
  { name: "Cost", num: true, bar: "w-16" },
  { name: "Latency", num: true, wide: true, bar: "w-10" },
  { name: "Ended", wide: true, bar: "w-16" },
];

/** In the place of the figures until they are there. */
export function UsageSkeleton() {
  return (
    <>
      <div className="h-control rounded-md border border-line" />
      <div className="h-75 border-b border-line" />
      <TableSkeleton columns={columns} rows={12} />
    </>
  );
}
