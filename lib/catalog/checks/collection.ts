import { collection } from "@/lib/db/collection";
import type { CatalogCheck, CheckTurn } from "./schema";

export const checks = collection<CatalogCheck>("catalogChecks");
export const checkTurns = collection<CheckTurn>("catalogCheckTurns");
