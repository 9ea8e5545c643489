"use client";

import { useEffect, useState } from "react";
import type { PlaygroundRequest } from "./build-body";
import { fetchQuote } from "./send";

export type CostState =
  | { kind: "none" }
  /** Too long to ask before it is sent. */
  | { kind: "unknown" }
  | { kind: "known"; maxCost: number; fits: boolean; available: number; outputThatFits: number }
  | { kind: "refused"; problem: string };

const PAUSE_MS = 300;

/** What the requests would be held for together, by the server's own quote, after each pause of the writer. */
export function useMaxCost(requests: PlaygroundRequest[]): CostState {
  const [cost, setCost] = useState<CostState>({ kind: "none" });
  const key = JSON.stringify(requests);
  useEffect(() => {
    const requests = JSON.parse(key) as PlaygroundRequest[];
    const abort = new AbortController();
    const timer = setTimeout(
      () => {
        if (requests.length === 0) return setCost({ kind: "none" });
        void Promise.all(requests.map((request) => fetchQuote(request, abort.signal))).then(
          (quotes) => setCost(costOf(quotes)),
          // The next change asks again; sending checks it in any case.
          () => abort.signal.aborted || setCost({ kind: "unknown" }),
        );
      },
      requests.length === 0 ? 0 : PAUSE_MS,
    );
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [key]);
  return cost;
}

function costOf(quotes: Awaited<ReturnType<typeof fetchQuote>>[]): CostState {
  let sum = 0;
  let fits = true;
  let available = 0;
  let outputThatFits = Infinity;
  for (const quote of quotes) {
    if (quote === null) return { kind: "unknown" };
    if ("problem" in quote) return { kind: "refused", problem: quote.problem };
    sum += quote.maxCost;
    fits &&= quote.fits;
    ({ available } = quote);
    outputThatFits = Math.min(outputThatFits, quote.outputThatFits);
  }
  return { kind: "known", maxCost: sum, fits, available, outputThatFits };
}
