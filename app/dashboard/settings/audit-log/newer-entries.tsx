"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { useDashboardPath } from "@/components/ui/account-context";

const EVERY_MS = 10_000;

/**
 * A quiet link when entries were added since the page was read, which stays as it is until then. Asks for their number, and for
 * nothing else of them, every 10 s while the page is visible; without scripts there is none.
 */
export function NewerEntries({ countHref }: { countHref: string }) {
  const router = useRouter();
  const path = useDashboardPath();
  const [newer, setNewer] = useState({ href: countHref, count: 0 });
  const href = path(countHref);
  useEffect(() => {
    let isStopped = false;
    const ask = async () => {
      if (document.visibilityState !== "visible") return;
      const response = await fetch(href, { redirect: "error" }).catch(() => null);
      // Signed out, removed or offline: the page says so when it is opened next.
      if (!response?.ok) return;
      const { count } = (await response.json()) as { count: number };
      if (!isStopped) setNewer({ href: countHref, count });
    };
    const timer = setInterval(() => void ask(), EVERY_MS);
    return () => {
      isStopped = true;
      clearInterval(timer);
    };
  }, [href, countHref]);
  const count = newer.href === countHref ? newer.count : 0;
  return (
    <p role="status" className="text-sm empty:hidden">
      {count === 0 ? null : (
        <button type="button" className="link" onClick={() => router.refresh()}>
          {count === 1 ? "1 new entry" : `${count} new entries`}
        </button>
      )}
    </p>
  );
}
