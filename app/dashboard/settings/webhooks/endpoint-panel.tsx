import { CircleAlert, RotateCw } from "lucide-react";
import { ConfirmEndpoint } from "@/components/dashboard/confirm-endpoint";
import { EndpointForm } from "@/components/dashboard/endpoint-form";
import { Facts } from "@/components/dashboard/facts";
import { RotateSecret } from "@/components/dashboard/rotate-secret";
import { SendEvent } from "@/components/dashboard/send-event";
import { Badge } from "@/components/ui/badge";
import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { formatDay } from "@/lib/format";
import { liveSecrets, type WebhookEndpoint } from "@/lib/webhook-endpoints/schema";
import { SECRET_OVERLAP_MS } from "@/lib/webhooks/endpoints";
import { endText } from "../../overlaps";
import {
  changeEndpointAction,
  deleteEndpointAction,
  enableEndpointAction,
  rotateSecretAction,
  sendTestAction,
} from "./actions";
import type { EndpointFigures } from "./figures";
import { addressOf, type WebhookSearch } from "./search";
import { EVENT_GROUPS, secondsText, shortEvents } from "./words";

interface Props {
  endpoint: WebhookEndpoint;
  figures: EndpointFigures;
  isOpen: boolean;
  search: WebhookSearch;
  canManage: boolean;
  now: number;
}

/** An endpoint: its state, what can be done with it and, when open, its details. */
export function EndpointPanel({ endpoint, figures, isOpen, search, canManage, now }: Props) {
  const { _id: endpointId, url, events, disabled } = endpoint;
  return (
    <section aria-label={url} className="rounded-lg border border-line bg-bg">
      <header className="flex min-h-14 flex-wrap items-center gap-2 px-4 py-2.5">
        <span className="mr-auto min-w-0">
          <h3 className="font-mono text-sm font-medium wrap-anywhere">
            <Link
              href={addressOf({ ...search, panel: isOpen ? undefined : endpointId })}
              prefetch={false}
              scroll={false}
              aria-expanded={isOpen}
            >
              {url}
            </Link>
          </h3>
          {isOpen ? null : (
            <span className="text-sm text-muted">
              {shortEvents(events).join(", ")} · {figures.last}
            </span>
          )}
        </span>
        <span className="flex flex-none flex-wrap items-center gap-2">
          {disabled ? (
            <Badge tone="danger">
              <CircleAlert aria-hidden="true" />
              disabled
            </Badge>
          ) : figures.retryingCount > 0 ? (
            <Badge tone="warning">
              <RotateCw aria-hidden="true" />
              {figures.retryingCount} retrying
            </Badge>
          ) : null}
          {canManage ? <ManageButtons endpoint={endpoint} /> : null}
        </span>
        {canManage ? (
          <SendEvent
            action={sendTestAction}
            fields={{ endpointId }}
            label="Send test"
            subject={`to ${url}`}
            accepted="Test delivered."
            refused="Test not delivered."
          />
        ) : null}
      </header>
      {disabled ? <DisabledNotice endpoint={endpoint} canManage={canManage} /> : null}
      {isOpen ? (
        <Details endpoint={endpoint} figures={figures} canManage={canManage} now={now} />
      ) : null}
    </section>
  );
}

function ManageButtons({ endpoint: { _id: endpointId, url, events } }: Pick<Props, "endpoint">) {
  return (
    <>
      <EndpointForm
        action={changeEndpointAction}
        groups={EVENT_GROUPS}
        values={{ endpointId, url, events }}
        label={
          <>
            Edit<span className="sr-only"> {url}</span>
          </>
        }
        size="sm"
        variant="ghost"
      />
      <ConfirmEndpoint
        action={deleteEndpointAction}
        endpointId={endpointId}
        label={
          <>
            Delete<span className="sr-only"> {url}</span>
          </>
        }
        title={`Delete ${new URL(url).host}?`}
        consequence={`No event is posted to ${url} any more. What was not delivered yet is dropped, and its deliveries leave the list. This cannot be undone.`}
        confirm="Delete endpoint"
        busyLabel="Deleting"
      />
    </>
  );
}

function DisabledNotice({ endpoint, canManage }: Pick<Props, "endpoint" | "canManage">) {
  const { _id: endpointId, url, disabled } = endpoint;
  return (
    <div className="grid gap-2 border-t border-line px-4 py-3">
      <Notice tone="danger">
        {disabled?.reason === "gone"
          ? "It responded 410 Gone, so OneKey disabled it"
          : "It accepted no event for 3 days, so OneKey disabled it"}{" "}
        on {formatDay(disabled?.at ?? new Date(0))}. Events since then are not posted to it.
      </Notice>
      {canManage ? (
        <ConfirmEndpoint
          action={enableEndpointAction}
          endpointId={endpointId}
          variant="secondary"
          label="Enable"
          title={`Enable ${new URL(url).host}?`}
          consequence="Events are posted to it from now on. Those since it was disabled were not recorded; deliveries that were stopped can be sent again below."
          confirm="Enable endpoint"
          busyLabel="Enabling"
        />
      ) : null}
    </div>
  );
}

function Details({ endpoint, figures, canManage, now }: Omit<Props, "isOpen" | "search">) {
  const { _id: endpointId, url, events, createdAt, creator, secrets } = endpoint;
  const old = liveSecrets(endpoint, now).find(({ endsAt }) => endsAt !== undefined);
  const facts = [
    {
      name: "Signing secret",
      value: (
        <span className="flex flex-wrap items-center gap-x-2">
          <span className="text-muted">
            {old?.endsAt
              ? `Rotated. Both secrets sign until ${endText(old.endsAt)} UTC`
              : "Was shown once"}
          </span>
          {canManage ? (
            <RotateSecret
              action={rotateSecretAction}
              endpointId={endpointId}
              host={new URL(url).host}
              expected={secrets.at(-1)?.salt ?? ""}
              overlapEnd={endText(new Date(now + SECRET_OVERLAP_MS))}
            />
          ) : null}
        </span>
      ),
    },
    {
      name: "Events",
      value: (
        <span className="flex flex-wrap gap-1.5">
          {shortEvents(events).map((event) => (
            <Badge key={event} className="font-mono font-normal">
              {event}
            </Badge>
          ))}
        </span>
      ),
    },
    {
      name: "Last 7 days",
      value: (
        <span className="tabular-nums">
          {figures.counts}
          {figures.medianMs === null ? null : (
            <span className="text-muted">, median {secondsText(figures.medianMs)}</span>
          )}
        </span>
      ),
    },
    { name: "Added", value: `${formatDay(createdAt)} by ${creator.name}` },
  ];
  return (
    <div className="border-t border-line px-4 py-2">
      <Facts facts={facts} />
    </div>
  );
}
