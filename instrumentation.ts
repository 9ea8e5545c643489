import type { Instrumentation } from "next";
import { env } from "@/lib/env";
import { errorName, log } from "@/lib/log";
import { quietConsole } from "@/lib/quiet-console";

/** Next and packages write text about requests, which may quote them: outside of development only typed events are kept. */
export function register(): void {
  if (!env().development) quietConsole();
}

/** A page or route that failed, by the pattern of its path and the error's class. */
export const onRequestError: Instrumentation.onRequestError = (error, _request, { routePath }) => {
  log.error("page.failed", { error: errorName(error), endpoint: routePath });
};
