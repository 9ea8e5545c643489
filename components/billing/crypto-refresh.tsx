"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";

const EVERY_MS = 2_000;
const SLOWLY_AFTER = 60;
const SLOWLY_MS = 15_000;

/**
 * Refreshes the page while a transfer is in progress, and once after: the balance may have been read a moment before the
 * transfer was credited. All data comes from the server.
 */
export function CryptoRefresh({ active }: { active: boolean }) {
  const { refresh } = useRouter();
  const wasActive = useRef(active);
  useEffect(() => {
    if (wasActive.current && !active) refresh();
    wasActive.current = active;
    if (!active) return;
    let timer: ReturnType<typeof setTimeout>;
    const wait = (refreshes: number) => {
      timer = setTimeout(
        () => {
          if (document.visibilityState === "visible") refresh();
          wait(refreshes + 1);
        },
        refreshes < SLOWLY_AFTER ? EVERY_MS : SLOWLY_MS,
      );
    };
    wait(0);
    return () => clearTimeout(timer);
  }, [active, refresh]);
  return null;
}
