import { SendEvent } from "@/components/dashboard/send-event";
import { StopDelivery } from "@/components/dashboard/stop-delivery";
import { CodeBlock } from "@/components/ui/code-block";
import { cn } from "@/lib/cn";
import { formatShortDay, formatTime } from "@/lib/format";
import { ATTEMPTS_KEPT, isAccepted, type WebhookDelivery } from "@/lib/webhook-deliveries/schema";
import type { WebhookEndpoint } from "@/lib/webhook-endpoints/schema";
import { signedHeaders } from "@/lib/webhooks/signing";
import { sendAgainAction, stopDeliveryAction } from "./actions";
import { outcomeText, secondsText } from "./words";

interface Props {
  delivery: WebhookDelivery;
  endpoint: WebhookEndpoint;
  canManage: boolean;
}

/** The attempts of a delivery, what can be done with it, and what was sent. */
export function DeliveryDetails({ delivery, endpoint, canManage }: Props) {
  const { _id: deliveryId, type, state, claim, attempts, attemptCount } = delivery;
  const hiddenCount = attemptCount - Math.min(attempts.length, ATTEMPTS_KEPT);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-5 pb-3 pl-5 max-md:pl-0 lg:grid-cols-2">
      <div className="grid content-start gap-3">
        <p className="font-mono text-muted wrap-anywhere md:hidden">{endpoint.url}</p>
        {hiddenCount > 0 ? (
          <p className="text-muted">{hiddenCount} earlier attempts are not listed.</p>
        ) : null}
        <Attempts delivery={delivery} />
        {canManage ? (
          <div className="flex flex-wrap items-center gap-2">
            <SendEvent
              action={sendAgainAction}
              fields={{ deliveryId }}
              label="Send again now"
              subject={type}
              accepted="Delivered."
              refused="Not delivered."
            />
            {state === "pending" && claim === undefined ? (
              <StopDelivery action={stopDeliveryAction} deliveryId={deliveryId} />
            ) : null}
          </div>
        ) : null}
        <p className="text-muted">
          The webhook-id stays the same when an event is sent again, so that your server can drop
          repeats.
        </p>
      </div>
      <SentEvent delivery={delivery} endpoint={endpoint} />
    </div>
  );
}

const DOTS = {
  failed: "border-danger bg-danger",
  accepted: "border-accent bg-accent",
  next: "border-[3.5px] border-accent bg-bg",
};

function Attempts({ delivery: { state, claim, nextAt, attempts } }: Pick<Props, "delivery">) {
  const steps = [
    ...attempts.map((attempt) => ({
      at: attempt.at,
      text: outcomeText(attempt),
      note: secondsText(attempt.latencyMs),
      dot: isAccepted(attempt) ? ("accepted" as const) : ("failed" as const),
    })),
    ...(state === "pending" && nextAt
      ? [
          {
            at: nextAt,
            text: claim === undefined ? "Next attempt" : "Sending",
            note: "",
            dot: "next" as const,
          },
        ]
      : []),
  ];
  if (steps.length === 0) return <p className="text-muted">It was not sent.</p>;
  return (
    <ol aria-label="Attempts" className="grid tabular-nums">
      {steps.map(({ at, text, note, dot }) => (
        <li
          key={`${at.getTime()} ${dot}`}
          className="relative flex gap-4 pb-2.5 pl-5 before:absolute before:top-2 before:-bottom-2 before:left-[5px] before:w-px before:bg-line-control before:content-[''] last:before:hidden"
        >
          <span
            aria-hidden="true"
            className={cn(
              "absolute top-1 left-0 size-[11px] rounded-full border-[1.5px]",
              DOTS[dot],
            )}
          />
          <span className="flex-none">
            <span className="sr-only">{formatShortDay(at)} </span>
            {formatTime(at)}
          </span>
          <span className="min-w-0 flex-1 wrap-anywhere">{text}</span>
          <span className="text-muted">{note}</span>
        </li>
      ))}
    </ol>
  );
}

/** The headers of the last attempt, or of one that was made now, and the body. */
function SentEvent({ delivery, endpoint }: Pick<Props, "delivery" | "endpoint">) {
  const { _id: id, payload, attempts, createdAt } = delivery;
  const now = (attempts.at(-1)?.at ?? createdAt).getTime();
  const headers = signedHeaders({ endpoint, id, payload, now });
  const lines = Object.entries(headers)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}: ${value}`);
  const body = JSON.stringify(JSON.parse(payload), null, 2);
  return <CodeBlock name="What was sent" copy={`${lines.join("\n")}\n\n${body}`} />;
}
