"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

const EVERY_MS = 2_000;
const SLOWLY_AFTER = 60;
const SLOWLY_MS = 15_000;

/** Reads the page again while a transfer is under way; what it shows comes from the server alone. */
export function CryptoRefresh({ active }: { active: boolean }) {
  const { refresh } = useRouter();
  useEffect(() => {
    if (!active) return;
    let timer: ReturnType<typeof setTimeout>;
    const wait = (done: number) => {
      timer = setTimeout(
        () => {
          if (document.visibilityState === "visible") refresh();
          wait(done + 1);
        },
        done < SLOWLY_AFTER ? EVERY_MS : SLOWLY_MS,
      );
    };
    wait(0);
    return () => clearTimeout(timer);
  }, [active, refresh]);
  return null;
}
