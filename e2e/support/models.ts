import { resolveModel } from "@/lib/catalog/queries";

/** Whether a model has not ended: cases of one that has are left out where no other has its endpoint or price. */
export const isLive = (id: string): boolean => resolveModel(id, new Date()).kind === "offered";
