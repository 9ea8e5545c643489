import { overlays } from "./collection";
import type { Overlay } from "./schema";

/** Every version, oldest first. */
export async function listOverlays(): Promise<Overlay[]> {
  return overlays.find().sort({ _id: 1 }).toArray();
}

/** The number of the newest version; 0 while there is none. */
export async function newestVersion(): Promise<number> {
  const [newest] = await overlays.find().sort({ _id: -1 }).limit(1).toArray();
  return newest?._id ?? 0;
}

/** The versions that no later one has withdrawn, in the order in which they come into force. */
export function standingOverlays(all: Overlay[]): Overlay[] {
  const withdrawn = new Set(all.flatMap(({ withdraws }) => withdraws ?? []));
  return all
    .filter(({ _id, withdraws }) => withdraws === undefined && !withdrawn.has(_id))
    .sort((a, b) => a.effective.getTime() - b.effective.getTime() || a._id - b._id);
}
