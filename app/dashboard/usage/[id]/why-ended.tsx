import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { providerName } from "@/lib/providers";
import type { UsageRow } from "@/lib/usage/schema";

/** What happened, what it cost and what to do, for every ending but the usual one. */
export function WhyEnded({ row }: { row: UsageRow }) {
  const text = reason(row);
  if (text === null) return null;
  return (
    <Notice tone={row.endedBy === "client_left" ? "warning" : "danger"}>
      {text}{" "}
      <Link href="/docs/errors" prefetch={false} className="link">
        All errors
      </Link>
    </Notice>
  );
}

function reason({ endedBy, status, provider, cost, stream }: UsageRow): string | null {
  const name = providerName(provider);
  const charge = cost === 0 ? "Nothing was charged." : "What was produced until then was charged.";
  switch (endedBy) {
    case "complete":
      return null;
    case "client_left":
      return `The client disconnected before the response was complete. ${charge} ${stream ? "If you did not stop it, raise the client’s timeout." : "Stream long responses, or raise the client’s timeout."}`;
    case "provider_error":
      return `${name} responded with ${status}. ${charge} ${status === 429 || status >= 500 ? "Try again in a moment, or use another model." : "The message in the response names what to change."}`;
    case "provider_cut":
      return `${name} interrupted the response before its end. ${charge} Send the request again.`;
    case "timeout":
      return `${name} took longer than this server waits. ${charge} Ask for less output, or stream the response.`;
    case "refused":
      return `The request was refused before it was sent to ${name}${status > 0 ? ` (${status})` : ""}. ${charge}`;
    case "interrupted":
      return `This server stopped while the request was in flight. ${charge} Send the request again.`;
  }
}
