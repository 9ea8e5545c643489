import { collection } from "@/lib/db/collection";
import type { Overlay } from "./schema";

export const overlays = collection<Overlay>("catalogOverlays");
