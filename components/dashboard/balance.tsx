import { Link } from "@/components/ui/link";
import { Amount } from "@/components/ui/amount";
import { cn } from "@/lib/cn";
import { formatCents, formatCount, roundToMicro } from "@/lib/format";

export interface BalanceView {
  credits: number;
  heldCredits: number;
  open: number;
  freeRequests: number;
  /** The mean spend per day in nano-credits. A balance below it shows a warning. */
  usualDay: number;
}

/** "danger" without credits and free requests, "warning" below the spend of a usual day. */
export function balanceTone({
  credits,
  freeRequests,
  usualDay,
}: BalanceView): "danger" | "warning" | undefined {
  if (credits <= 0) return freeRequests > 0 ? undefined : "danger";
  return credits < usualDay ? "warning" : undefined;
}

const tones = { danger: "text-danger", warning: "text-warning" };

/** The balance in the sidebar, with held credits and free requests. */
export function BalancePanel({
  balance,
  canBuy,
}: {
  balance: BalanceView;
  /** Whether the role may open the credits page. */
  canBuy: boolean;
}) {
  const tone = balanceTone(balance);
  return (
    <div className="grid gap-0.5 rounded-lg border border-line bg-bg p-3">
      <div className="flex justify-between gap-2 text-xs text-muted">
        <span>Available</span>
        {canBuy ? (
          <Link href="/dashboard/credits" prefetch={false} className="link">
            Add credits
          </Link>
        ) : null}
      </div>
      <Amount
        nano={roundToMicro(balance.credits, "down")}
        className={cn(
          "text-lg font-strong [&_.text-muted]:text-sm/none [&_.text-muted]:font-normal [&_.text-muted]:tracking-normal",
          tone && tones[tone],
        )}
      />
      <HeldNote balance={balance} className="text-xs" />
    </div>
  );
}

/** "$0.17 held in 2 open requests", and the free requests that are left. */
export function HeldNote({ balance, className }: { balance: BalanceView; className?: string }) {
  const { heldCredits, open, freeRequests } = balance;
  const free = `${freeRequests === 0 ? "No" : formatCount(freeRequests)} free ${freeRequests === 1 ? "request" : "requests"} left`;
  return (
    <span className={cn("block text-muted tabular-nums", className)}>
      {heldCredits > 0 ? (
        <span className="block">
          {formatCents(heldCredits)} held in {formatCount(open)} open{" "}
          {open === 1 ? "request" : "requests"}
        </span>
      ) : null}
      <span className="block">{free}</span>
    </span>
  );
}
