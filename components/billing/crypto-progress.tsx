import { Track } from "@/components/ui/track";
import { shortHex } from "@/lib/format";
import { CryptoRefresh } from "./crypto-refresh";
import { NextStepLine, type NextStep } from "./next-step";
import type { TransferRow } from "./crypto-types";

/** The account's transfers: sent → seen → confirmations → credited, or the reason for rejection. */
export function CryptoProgress({ transfers, next }: { transfers: TransferRow[]; next: NextStep }) {
  if (transfers.length === 0) return null;
  const open = transfers.some((transfer) => transfer.open);
  return (
    <div className="grid gap-4.5">
      <p role="status" className="sr-only">
        {transfers.map(({ title }) => title).join(". ")}
      </p>
      {transfers.map((transfer) => (
        <Progress key={transfer.id} transfer={transfer} />
      ))}
      {open ? (
        <p className="text-sm text-muted">
          You can close this page. The transfer is checked on chain until it is final, and the
          amount comes from the transfer itself. Times are UTC.
        </p>
      ) : null}
      {transfers[0]?.steps.at(-1)?.state === "done" ? <NextStepLine step={next} /> : null}
      <CryptoRefresh active={open} />
    </div>
  );
}

function Progress({ transfer }: { transfer: TransferRow }) {
  const { hash, url, title, steps, reason, open } = transfer;
  return (
    <div>
      <p className="flex flex-wrap justify-between gap-x-3">
        <span className="font-medium">{title}</span>
        {url === null ? (
          <span className="font-mono text-sm text-muted">{shortHex(hash)}</span>
        ) : (
          <a className="link font-mono text-sm" href={url} target="_blank" rel="noreferrer">
            {shortHex(hash)}
          </a>
        )}
      </p>
      <div className="mt-3.5">
        <Track label={title} steps={steps} />
      </div>
      {reason === null ? null : (
        <p className={open ? "mt-2 text-sm text-muted" : "mt-2 text-sm text-danger"}>{reason}</p>
      )}
    </div>
  );
}
