import type { Instrumentation } from "next";
import { startCatalogRefresh } from "@/lib/catalog/overlays/refresh";
import { env } from "@/lib/env";
import { errorName, log } from "@/lib/log";
import { quietConsole } from "@/lib/quiet-console";

/**
 * Runs once in each process or thread that serves pages. Next and packages write text about requests, which may quote them:
 * outside of development only typed events are kept. Pages show the catalog that the gateway bills by.
 */
export async function register(): Promise<void> {
  if (!env().development) quietConsole();
  await startCatalogRefresh().catch((error: unknown) =>
    log.error("catalog.failed", { error: errorName(error) }),
  );
}

/** A page or route that failed, by the pattern of its path and the error's class. */
export const onRequestError: Instrumentation.onRequestError = (error, _request, { routePath }) => {
  log.error("page.failed", { error: errorName(error), endpoint: routePath });
};
