"use client";

import { usePathname } from "next/navigation";
import { useEffect, useSyncExternalStore, type ReactNode } from "react";
import {
  ChartSkeleton,
  LinesSkeleton,
  FiguresSkeleton,
  TableSkeleton,
} from "@/components/ui/skeleton";
import { PageHeader } from "./page-header";
import { onPendingPlace, pendingPlace, setPendingPlace } from "./pending-place";
import { places } from "./places";

/** The page, or the shape of the one that was clicked while its data is on the way. */
export function PendingPage({ children }: { children: ReactNode }) {
  const path = usePathname();
  const pending = useSyncExternalStore(onPendingPlace, pendingPlace, () => null);
  useEffect(() => {
    setPendingPlace(null);
    return () => setPendingPlace(null);
  }, [path]);
  const place = places.find(({ href }) => href === pending);
  return (
    <>
      <div className={place ? "hidden" : "contents"}>{children}</div>
      {place ? (
        <>
          <p role="status" className="sr-only">
            Loading {place.name.toLowerCase()}
          </p>
          <PageHeader title={place.name} />
          <Shape href={place.href} />
        </>
      ) : null}
    </>
  );
}

const requests = [
  { name: "Time (UTC)" },
  { name: "Model" },
  { name: "Project", wide: true },
  { name: "Input", num: true, wide: true },
  { name: "Cached", num: true, wide: true },
  { name: "Output", num: true, wide: true },
  { name: "Cost", num: true },
  { name: "Total", num: true, wide: true },
  { name: "Ended", wide: true },
];
const models = [
  { name: "Model" },
  { name: "Requests", num: true },
  { name: "Input", num: true, wide: true },
  { name: "Cached input", num: true, wide: true },
  { name: "Output", num: true, wide: true },
  { name: "Cost", num: true },
  { name: "Share", num: true, wide: true },
];
const projects = [
  { name: "Name" },
  { name: "Keys" },
  { name: "Last used", wide: true },
  { name: "Limits", wide: true },
  { name: "This month", num: true },
];
const ledger = [
  { name: "Date" },
  { name: "Kind" },
  { name: "Source", wide: true },
  { name: "Amount", num: true },
  { name: "Balance", num: true },
];
const measures = [
  "Cost",
  "Tokens",
  "Requests",
  "Errors",
  "Latency, p95",
  "First byte, p50",
  "Tokens a second",
  "Cache hits",
];

function Shape({ href }: { href: string }) {
  switch (href) {
    case "/dashboard":
      return (
        <>
          <FiguresSkeleton
            shape="strip"
            terms={["Available", "Spent today", "Spent in 30 days", "Lasts about"]}
          />
          <ChartSkeleton title="Spend per day" />
          <TableSkeleton title="Recent requests" columns={requests} rows={8} />
        </>
      );
    case "/dashboard/usage":
      return (
        <>
          <FiguresSkeleton shape="measures" terms={measures} />
          <ChartSkeleton title="Spend per day by model" height={268} />
          <TableSkeleton title="" columns={models} rows={5} />
          <TableSkeleton title="Requests" columns={requests} rows={12} />
        </>
      );
    case "/dashboard/projects":
      return <TableSkeleton title="" columns={projects} rows={5} />;
    case "/dashboard/credits":
      return (
        <>
          <FiguresSkeleton shape="strip" terms={["Available", "Ledger", "Used", "Held"]} />
          <TableSkeleton title="Ledger" columns={ledger} rows={5} />
        </>
      );
    default:
      return <LinesSkeleton lines={5} />;
  }
}
