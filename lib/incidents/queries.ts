import { incidents } from "./collection";
import type { Incident } from "./schema";

/** Incidents, the newest first. */
export async function listIncidents({ limit }: { limit: number }): Promise<Incident[]> {
  return incidents.find().sort({ startedAt: -1 }).limit(limit).toArray();
}
