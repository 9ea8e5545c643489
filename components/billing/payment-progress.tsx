"use client";

import { Link } from "@/components/ui/link";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { NextStepLine, type NextStep } from "./next-step";
import { Notice } from "@/components/ui/notice";
import { Track, type TrackStep } from "@/components/ui/track";

interface PaymentState {
  status: "open" | "processing" | "posted" | "refused" | "attention";
  reason?: string;
  /** The receipt's id, once it is credited. */
  entry?: string;
}

interface Props {
  purchase: string;
  amount: string;
  initial: PaymentState;
  /** Whether receipts are mailed on this server. */
  mails: boolean;
  /** What to do once it is credited. */
  next: NextStep;
  follow: (purchase: string) => Promise<PaymentState | null>;
}

const EVERY_MS = 1_500;
const SLOWLY_AFTER = 20;
const SLOWLY_MS = 15_000;

/** The progress of a payment from Stripe to the balance. Polls until the payment is credited or has failed. */
export function PaymentProgress({ purchase, amount, initial, mails, next, follow }: Props) {
  const router = useRouter();
  const [state, setState] = useState(initial);
  const waiting = state.status === "open" || state.status === "processing";
  useEffect(() => {
    if (!waiting) return;
    let timer: ReturnType<typeof setTimeout>;
    let isUnmounted = false;
    const ask = async (attempt: number) => {
      const next = await follow(purchase).catch(() => null);
      if (isUnmounted) return;
      if (next) setState(next);
      if (next && next.status !== "open" && next.status !== "processing") router.refresh();
      else
        timer = setTimeout(
          () => void ask(attempt + 1),
          attempt < SLOWLY_AFTER ? EVERY_MS : SLOWLY_MS,
        );
    };
    timer = setTimeout(() => void ask(0), 300);
    return () => {
      isUnmounted = true;
      clearTimeout(timer);
    };
  }, [waiting, purchase, follow, router]);
  return (
    <section
      aria-labelledby="payment"
      aria-live="polite"
      className="grid gap-3.5 rounded-lg border border-line p-4"
    >
      <h2 id="payment" className="text-base font-medium">
        {headings[state.status](amount)}
      </h2>
      <Track label="Payment" steps={stepsOf(state)} />
      {state.reason ? (
        <Notice tone={state.status === "attention" ? "warning" : "danger"}>{state.reason}</Notice>
      ) : null}
      {state.entry ? (
        <p className="text-sm text-muted">
          {mails ? "The receipt is sent by email. To print it:  " : "To print: "}
          <Link
            href={`/dashboard/receipts/${encodeURIComponent(state.entry)}`}
            prefetch={false}
            className="link"
          >
            the receipt
          </Link>
        </p>
      ) : null}
      {state.status === "posted" ? <NextStepLine step={next} /> : null}
      {waiting ? (
        <p className="text-sm text-muted">
          You can close this page. The payment is tracked until it completes.
        </p>
      ) : null}
    </section>
  );
}

const headings: Record<PaymentState["status"], (amount: string) => string> = {
  open: (amount) => `${amount} on its way`,
  processing: (amount) => `${amount} on its way: this payment method takes days`,
  posted: (amount) => `${amount} credited`,
  refused: (amount) => `${amount} not credited`,
  attention: (amount) => `${amount} not credited yet`,
};

function stepsOf({ status }: PaymentState): TrackStep[] {
  const isCredited = status === "posted";
  const hasFailed = status === "refused" || status === "attention";
  return [
    { name: "Sent to Stripe", state: "done" },
    {
      name: status === "processing" ? "Waiting for the bank" : hasFailed ? "Not paid" : "Paid",
      state: isCredited ? "done" : hasFailed ? "failed" : "now",
    },
    { name: "Credited", state: isCredited ? "done" : "todo" },
  ];
}
