import { listChanges, type CatalogEvent } from "@/lib/catalog/changes";
import { now } from "@/lib/clock";

const DAYS = 180;
const DAY_MS = 86_400_000;

export const kindNames: Record<CatalogEvent["kind"], string> = {
  released: "New",
  price: "Price",
  retires: "Ends",
  redirect: "Redirect",
  alias: "Alias",
};

/** What changed in the last half year and what is announced, apart: the announced first, the nearest first. */
export function changes(): { announced: CatalogEvent[]; past: CatalogEvent[]; today: string } {
  const today = new Date(now()).toISOString().slice(0, 10);
  const all = listChanges({ since: new Date(now() - DAYS * DAY_MS).toISOString().slice(0, 10) });
  return {
    announced: all.filter(({ on }) => on > today).toReversed(),
    past: all.filter(({ on }) => on <= today),
    today,
  };
}
