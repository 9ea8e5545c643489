"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
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
  follow: (purchase: string) => Promise<PaymentState | null>;
}

const EVERY_MS = 1_500;
const SLOWLY_AFTER = 20;
const SLOWLY_MS = 15_000;

/** The way of a payment from Stripe's page into the balance; asks until it is there, or is not going to be. */
export function PaymentProgress({ purchase, amount, initial, mails, follow }: Props) {
  const router = useRouter();
  const [state, setState] = useState(initial);
  const waiting = state.status === "open" || state.status === "processing";
  useEffect(() => {
    if (!waiting) return;
    let timer: ReturnType<typeof setTimeout>;
    let gone = false;
    const ask = async (asked: number) => {
      const next = await follow(purchase).catch(() => null);
      if (gone) return;
      if (next) setState(next);
      if (next && next.status !== "open" && next.status !== "processing") router.refresh();
      else
        timer = setTimeout(() => void ask(asked + 1), asked < SLOWLY_AFTER ? EVERY_MS : SLOWLY_MS);
    };
    timer = setTimeout(() => void ask(0), 300);
    return () => {
      gone = true;
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
          {mails ? "The receipt comes by mail, and is here to print: " : "To print: "}
          <Link
            href={`/dashboard/receipts/${encodeURIComponent(state.entry)}`}
            prefetch={false}
            className="link"
          >
            the receipt
          </Link>
        </p>
      ) : null}
      {waiting ? (
        <p className="text-sm text-muted">
          You can close this page. The payment is followed until it ends.
        </p>
      ) : null}
    </section>
  );
}

const headings: Record<PaymentState["status"], (amount: string) => string> = {
  open: (amount) => `${amount} on its way`,
  processing: (amount) => `${amount} on its way: this method takes days`,
  posted: (amount) => `${amount} credited`,
  refused: (amount) => `${amount} not credited`,
  attention: (amount) => `${amount} not credited yet`,
};

function stepsOf({ status }: PaymentState): TrackStep[] {
  const posted = status === "posted";
  const failed = status === "refused" || status === "attention";
  return [
    { name: "Sent to Stripe", state: "done" },
    {
      name: "Paid",
      note: status === "processing" ? "waiting for the bank" : undefined,
      state: posted ? "done" : failed ? "failed" : "now",
    },
    { name: "Credited", state: posted ? "done" : "todo" },
  ];
}
