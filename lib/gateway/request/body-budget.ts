import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";

/** What one request keeps in memory of its body, as sent and decompressed. */
export type BodyBudget = {
  /** Takes bytes that are about to be kept; throws unavailable or rate_limited where the budget is full. */
  take(bytes: number): void;
  giveBack(bytes: number): void;
  /** Runs work that takes much of the machine: one at a time for each account. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** Gives all bytes back. From then on `take` throws, so that a read in progress stops. */
  close(): void;
};

/** Bytes kept by this process, and by each account of them. */
let totalBytes = 0;
const bytesByAccount = new Map<string, number>();

/** The last of each account's work that runs one at a time. */
const lastWork = new Map<string, Promise<unknown>>();

async function runInTurn<T>(accountId: string, work: () => Promise<T>): Promise<T> {
  const previousWork = lastWork.get(accountId);
  const run = previousWork ? previousWork.then(work) : work();
  const settlement = run.catch(() => undefined);
  lastWork.set(accountId, settlement);
  try {
    return await run;
  } finally {
    if (lastWork.get(accountId) === settlement) lastWork.delete(accountId);
  }
}

/** An account's share: a quarter, and at least what its largest request needs as sent and decompressed. */
function shareOf({ bufferBytesMax, bodyBytesMax }: ReturnType<typeof env>["limits"]): number {
  return Math.max(bufferBytesMax / 4, 2 * bodyBytesMax);
}

/** The budget of one request of an account, out of what the process keeps at most (BUFFER_BYTES_MAX). */
export function createBodyBudget(accountId: string): BodyBudget {
  const { limits } = env();
  const share = shareOf(limits);
  let requestBytes = 0;
  let isClosed = false;
  const add = (bytes: number) => {
    requestBytes += bytes;
    totalBytes += bytes;
    const accountBytes = (bytesByAccount.get(accountId) ?? 0) + bytes;
    if (accountBytes > 0) bytesByAccount.set(accountId, accountBytes);
    else bytesByAccount.delete(accountId);
  };
  return {
    take: (bytes) => {
      if (isClosed) throw new AppError("bad_request", "The request is over.");
      // A body within the limit always fits when nothing else is kept.
      const processMax = Math.max(limits.bufferBytesMax, share);
      if (totalBytes + bytes > processMax) throw serverFull();
      if ((bytesByAccount.get(accountId) ?? 0) + bytes > share) throw shareFull(share);
      add(bytes);
    },
    giveBack: (bytes) => add(-Math.min(bytes, requestBytes)),
    inTurn: (work) => runInTurn(accountId, work),
    close: () => {
      isClosed = true;
      add(-requestBytes);
    },
  };
}

/** Bytes of request bodies that this process keeps. */
export const bufferedBytes = (): number => totalBytes;

const RETRY_S = "2";

const serverFull = () =>
  new AppError(
    "unavailable",
    "This server cannot buffer another request body. Nothing was charged. Try again in a moment.",
    { headers: { "retry-after": RETRY_S } },
  );

const shareFull = (share: number) =>
  new AppError(
    "rate_limited",
    `The requests of this account that are in flight have bodies of ${Math.floor(share / 1024 / 1024)} MiB together, which is the limit. Try again when one has ended.`,
    { headers: { "retry-after": RETRY_S } },
  );
