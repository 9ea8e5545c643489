"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

const EVERY_MS = 30_000;

/** Reads the page again every 30 s while it is visible. Without scripts the page stays as it was rendered. */
export function StatusRefresh() {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") router.refresh();
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [router]);
  return <span className="noscript:hidden">updates every 30 s</span>;
}
