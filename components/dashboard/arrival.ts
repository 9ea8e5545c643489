"use client";

import { useEffect, useState } from "react";
import { accountEndpoint } from "@/components/ui/account-endpoint";

/** What a waiting page is sent of a request's row. Costs are nano-credits. */
export interface Arrival {
  id: string;
  model: string;
  cost: number;
  free: boolean;
  /** It was refused or failed; the page goes on waiting. */
  failed: boolean;
  status: number;
}

const RETRY_FIRST_MS = 2_000;
const RETRY_MAX_MS = 30_000;

/**
 * The last request of a project, or of one key of it, that arrived since `since` (epoch milliseconds), live; nothing is asked
 * for while `since` is null.
 */
export function useArrival(
  since: number | null,
  projectId: string,
  keyId?: string,
): Arrival | null {
  const [arrival, setArrival] = useState<Arrival | null>(null);
  useEffect(() => {
    if (since === null) return;
    let source: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let waitMs = RETRY_FIRST_MS;
    const connect = () => {
      const query = new URLSearchParams({ since: String(since), project: projectId });
      if (keyId !== undefined) query.set("key", keyId);
      source = new EventSource(accountEndpoint(`/api/arrivals?${query}`));
      source.addEventListener("open", () => (waitMs = RETRY_FIRST_MS));
      source.addEventListener("row", (event: MessageEvent<string>) => {
        const next = JSON.parse(event.data) as Arrival;
        setArrival(next);
        if (!next.failed) source?.close();
      });
      source.addEventListener("error", () => {
        source?.close();
        timer = setTimeout(connect, waitMs);
        waitMs = Math.min(waitMs * 2, RETRY_MAX_MS);
      });
    };
    connect();
    return () => {
      clearTimeout(timer);
      source?.close();
    };
  }, [since, projectId, keyId]);
  return arrival;
}
