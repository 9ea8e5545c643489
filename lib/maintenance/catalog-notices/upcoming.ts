import { isDearer } from "@/lib/catalog/price-rise";
import { listKnownModels } from "@/lib/catalog/queries";
import type { Model } from "@/lib/catalog/schema";
import { formatDay, formatUsd } from "@/lib/format";

const DAY_MS = 86_400_000;
/** So long before the day, customers are notified. */
const NOTICE_DAYS = 30;

export type UpcomingChange = {
  kind: "retires" | "price";
  model: string;
  on: string;
  text: string;
  /** Of a model that ends. */
  replacedBy?: string | undefined;
};

/** What ends, and which prices rise, from yesterday to 30 days from now. Yesterday counts, for what came without notice. */
export function listUpcoming(at: Date): UpcomingChange[] {
  const [from, to] = [-DAY_MS, NOTICE_DAYS * DAY_MS].map((ms) =>
    new Date(at.getTime() + ms).toISOString().slice(0, 10),
  );
  const isNear = (on: string) => on >= (from ?? "") && on <= (to ?? "");
  return listKnownModels(at).flatMap((model) =>
    [...endOf(model), ...risesOf(model)].filter(({ on }) => isNear(on)),
  );
}

function endOf({ id, name, retires, replacedBy, servedAs }: Model): UpcomingChange[] {
  if (retires === undefined) return [];
  const isAvailable =
    servedAs?.billedAs === "served"
      ? ` Its provider serves requests for it by ${servedAs.model} from then on, at that model's price.`
      : " Requests for it get a 404 from then on.";
  const instead = replacedBy === undefined ? "" : ` Send ${replacedBy} instead.`;
  return [
    {
      kind: "retires",
      model: id,
      on: retires,
      text: `${name} ends on ${dayText(retires)}.${isAvailable}${instead}`,
      replacedBy,
    },
  ];
}

function risesOf({ id, name, prices }: Model): UpcomingChange[] {
  return prices.slice(1).flatMap(({ from, rates }, index) => {
    const before = prices[index]?.rates;
    if (!before || !isDearer(rates, before)) return [];
    const text = `${name} costs more from ${dayText(from)}: for a million tokens, input ${formatUsd(before.input)} to ${formatUsd(rates.input)}, output ${formatUsd(before.output)} to ${formatUsd(rates.output)}.`;
    return [{ kind: "price", model: id, on: from, text }];
  });
}

const dayText = (day: string) => formatDay(new Date(day));
