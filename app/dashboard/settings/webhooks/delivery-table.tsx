import { ChevronDown, ChevronRight, CircleAlert, CircleSlash, RotateCw } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import { Link } from "@/components/ui/link";
import { Table, Td, Th } from "@/components/ui/table";
import { formatShortDay, formatTime } from "@/lib/format";
import { isAccepted, type WebhookDelivery } from "@/lib/webhook-deliveries/schema";
import type { WebhookEndpoint } from "@/lib/webhook-endpoints/schema";
import { DeliveryDetails } from "./delivery-details";
import { addressOf, type WebhookSearch } from "./search";
import { secondsText } from "./words";

interface Props {
  deliveries: WebhookDelivery[];
  endpoints: WebhookEndpoint[];
  search: WebhookSearch;
  canManage: boolean;
}

/** Deliveries, the newest first; the one that the URL names is open. */
export function DeliveryTable({ deliveries, endpoints, search, canManage }: Props) {
  return (
    <Table edge="flush" caption="Deliveries, newest first">
      <thead>
        <tr>
          <Th>
            <span className="pl-5">Time (UTC)</span>
          </Th>
          <Th>Event</Th>
          <Th wide>Endpoint</Th>
          <Th wide num>
            Attempts
          </Th>
          <Th>Result</Th>
        </tr>
      </thead>
      <tbody>
        {deliveries.map((delivery) => (
          <DeliveryRow
            key={delivery._id}
            delivery={delivery}
            endpoint={endpoints.find(({ _id }) => _id === delivery.endpointId)}
            search={search}
            canManage={canManage}
          />
        ))}
      </tbody>
    </Table>
  );
}

function DeliveryRow({
  delivery,
  endpoint,
  search,
  canManage,
}: {
  delivery: WebhookDelivery;
  endpoint: WebhookEndpoint | undefined;
  search: WebhookSearch;
  canManage: boolean;
}) {
  const { _id: id, createdAt, type, attemptCount } = delivery;
  const isOpen = search.open === id;
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  const host = endpoint ? new URL(endpoint.url).host : "";
  return (
    <>
      <tr className={isOpen ? "bg-quiet [&>td]:border-b-0" : undefined}>
        <Td className="whitespace-nowrap tabular-nums max-md:whitespace-normal">
          <Link
            href={addressOf({ ...search, open: isOpen ? undefined : id })}
            prefetch={false}
            scroll={false}
            aria-expanded={isOpen}
            aria-label={`${type}, ${formatShortDay(createdAt)} ${formatTime(createdAt)}`}
            className="flex items-center gap-1.5"
          >
            <Chevron aria-hidden="true" className="size-3.5 flex-none stroke-[1.75] text-muted" />
            <span>
              <span className="text-muted max-md:block">{formatShortDay(createdAt)}</span>{" "}
              {formatTime(createdAt)}
            </span>
          </Link>
        </Td>
        <Td className="font-mono wrap-anywhere">{type}</Td>
        <Td wide className="wrap-anywhere">
          {host}
        </Td>
        <Td wide num>
          {attemptCount}
        </Td>
        <Td className="whitespace-nowrap">
          <Result delivery={delivery} />
        </Td>
      </tr>
      {isOpen && endpoint ? (
        <tr className="bg-quiet">
          <td colSpan={5}>
            <DeliveryDetails delivery={delivery} endpoint={endpoint} canManage={canManage} />
          </td>
        </tr>
      ) : null}
    </>
  );
}

function Result({ delivery: { state, attempts, attemptCount } }: { delivery: WebhookDelivery }) {
  // A later repeat by hand may have failed.
  const acceptedAttempt = attempts.findLast(isAccepted);
  switch (state) {
    case "delivered":
      return (
        <span className="text-muted tabular-nums">
          {acceptedAttempt
            ? `${acceptedAttempt.status} in ${secondsText(acceptedAttempt.latencyMs)}`
            : "delivered"}
        </span>
      );
    case "pending":
      return attemptCount === 0 ? (
        <span className="text-muted">sending</span>
      ) : (
        <Badge tone="warning">
          <RotateCw aria-hidden="true" />
          retrying
        </Badge>
      );
    case "failed":
      return (
        <Badge tone="danger">
          <CircleAlert aria-hidden="true" />
          {attemptCount > 1 ? "gave up" : "failed"}
        </Badge>
      );
    case "stopped":
      return (
        <Badge>
          <CircleSlash aria-hidden="true" />
          stopped
        </Badge>
      );
    default:
      return state satisfies never;
  }
}
