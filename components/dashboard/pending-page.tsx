"use client";

import { usePathname } from "next/navigation";
import { useEffect, useSyncExternalStore, type ReactNode } from "react";
import { ChartSkeleton, StripSkeleton, TableSkeleton } from "@/components/ui/skeleton";
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

function Shape({ href }: { href: string }) {
  switch (href) {
    case "/dashboard":
      return (
        <>
          <StripSkeleton terms={["Available", "Spent today", "Spent in 30 days", "Lasts about"]} />
          <ChartSkeleton title="Spend per day" />
          <TableSkeleton title="Recent requests" rows={8} />
        </>
      );
    case "/dashboard/usage":
      return (
        <>
          <StripSkeleton terms={["Cost", "Tokens", "Requests", "Errors"]} />
          <ChartSkeleton title="Spend per day by model" height={268} />
          <TableSkeleton title="Requests" rows={12} />
        </>
      );
    default:
      return <TableSkeleton title="" rows={5} />;
  }
}
