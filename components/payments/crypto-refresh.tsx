"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

const EVERY_MS = 2_000;

/** Reads the page again while a transfer is under way; what it shows comes from the server alone. */
export function CryptoRefresh({ active }: { active: boolean }) {
  const { refresh } = useRouter();
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") refresh();
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [active, refresh]);
  return null;
}
