import { startCatalogRefresh } from "@/lib/catalog/overlays/refresh";
import { errorName, log } from "@/lib/log";

/** Runs once in each process or thread that serves pages: they show the catalog that the gateway bills by. */
export async function register(): Promise<void> {
  await startCatalogRefresh().catch((error: unknown) =>
    log.error("catalog.failed", { error: errorName(error) }),
  );
}
