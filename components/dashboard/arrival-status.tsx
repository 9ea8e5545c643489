import { Check, CircleAlert } from "lucide-react";
import { Amount } from "@/components/ui/amount";
import { Spinner } from "@/components/ui/spinner";
import type { Arrival } from "./arrival";

/** Whether the first request has come, as it happens; announced once. */
export function ArrivalStatus({ arrival }: { arrival: Arrival | null }) {
  return (
    <span role="status" className="flex items-center gap-2 text-sm">
      {arrival === null ? (
        <>
          <Spinner />
          Waiting for your first request…
        </>
      ) : arrival.failed ? (
        <>
          <CircleAlert aria-hidden="true" className="size-4 flex-none text-danger" />
          <span>
            A request to {arrival.model} failed{arrival.status > 0 ? ` (${arrival.status})` : ""}{" "}
            and was not charged. Waiting for the next one…
          </span>
        </>
      ) : (
        <>
          <Check aria-hidden="true" className="size-4 flex-none text-accent" />
          <span>
            First request: <Amount nano={arrival.cost} as="request" />
            {arrival.free ? ", free" : ""}
          </span>
        </>
      )}
    </span>
  );
}
