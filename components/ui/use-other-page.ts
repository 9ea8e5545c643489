"use client";

import { useEffect } from "react";
import type { FormState } from "./form-state";

/** Loads the page of another account that an action returned as its result. */
export function useOtherPage({ result }: FormState): void {
  const path =
    typeof result === "object" && result !== null && "otherPage" in result
      ? result.otherPage
      : undefined;
  useEffect(() => {
    if (typeof path === "string") window.location.assign(path);
  }, [path]);
}
