import { now } from "@/lib/clock";
import { errorName, log } from "@/lib/log";
import { setTimeline } from "../in-force";
import { createAsOf, timelineOf } from "./merge";
import { listOverlays, newestVersion } from "./queries";

/** How often an instance looks for new versions: one that is applied elsewhere is in force here within this time. */
export const REFRESH_MS = 10_000;

const store = globalThis as typeof globalThis & {
  __onekeyOverlay?: number;
  __onekeyCatalogTimer?: NodeJS.Timeout | undefined;
};

/** Reads the versions when there is a newer one than this process knows, and puts them in force here. */
export async function refreshCatalog(): Promise<void> {
  if ((await newestVersion()) === (store.__onekeyOverlay ?? 0)) return;
  const all = await listOverlays();
  const { timeline, skipped: skippedIds } = timelineOf(all, new Date(now()));
  for (const version of skippedIds) log.error("catalog.overlay_skipped", { code: String(version) });
  setTimeline(timeline, createAsOf(all));
  store.__onekeyOverlay = all.at(-1)?._id ?? 0;
}

/** Refreshes now and then on a timer, once in a process. The first refresh throws when the database cannot be reached. */
export async function startCatalogRefresh(): Promise<() => void> {
  store.__onekeyCatalogTimer ??= setInterval(
    () =>
      void refreshCatalog().catch((error: unknown) =>
        log.error("catalog.failed", { error: errorName(error) }),
      ),
    REFRESH_MS,
  ).unref();
  await refreshCatalog();
  return () => {
    clearInterval(store.__onekeyCatalogTimer);
    store.__onekeyCatalogTimer = undefined;
  };
}
