import type { Collection } from "mongodb";
import { collection } from "@/lib/db/client";
import type { CatalogCheck, CheckTurn } from "./schema";

export const checks = (): Promise<Collection<CatalogCheck>> =>
  collection<CatalogCheck>("catalogChecks");
export const checkTurns = (): Promise<Collection<CheckTurn>> =>
  collection<CheckTurn>("catalogCheckTurns");
