import type { Collection } from "mongodb";
import { collection } from "@/lib/db/client";
import type { Overlay } from "./schema";

export const overlays = (): Promise<Collection<Overlay>> => collection<Overlay>("catalogOverlays");
