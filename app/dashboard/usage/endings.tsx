import { CircleAlert, Unplug } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import type { EndedBy, UsageRow } from "@/lib/usage/schema";

export const endings: Record<EndedBy, string> = {
  complete: "complete",
  client_left: "client left",
  provider_error: "provider error",
  provider_cut: "cut off",
  timeout: "timed out",
  refused: "refused",
  interrupted: "interrupted",
};

/** Normal outcomes are plain text; exceptions are badges. */
export function Ending({ row }: { row: UsageRow }) {
  const { endedBy, status } = row;
  if (endedBy === "complete") return <span className="text-muted">{endings.complete}</span>;
  if (endedBy === "client_left") {
    return (
      <Badge tone="warning">
        <Unplug aria-hidden="true" />
        {endings.client_left}
      </Badge>
    );
  }
  return (
    <Badge tone="danger">
      <CircleAlert aria-hidden="true" />
      {status >= 400 ? `${status} ` : ""}
      {endings[endedBy]}
    </Badge>
  );
}
