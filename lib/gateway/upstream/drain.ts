import { env } from "@/lib/env";
import { createClientConnection, type ClientConnection } from "../exchange";

/** Requests of one account that this instance reads on without a client; another one is aborted when its client leaves. */
const DRAINS_PER_ACCOUNT_MAX = 10;

const drainsByAccount = new Map<string, number>();
const leaveNow = new Set<() => void>();

/**
 * A departure that follows a client's by DRAIN_SECONDS: a provider finishes what it does not stream, and goes on with its
 * tools, whether or not anybody listens, so that the response is read on for the usage that it states. `end` is called when
 * the exchange is over.
 */
export function drainAfter({
  accountId,
  left: clientConnection,
}: {
  accountId: string;
  left: ClientConnection;
}): {
  departure: ClientConnection;
  end(): void;
} {
  const departure = createClientConnection();
  let timer: NodeJS.Timeout | undefined;
  const leave = () => departure.disconnect();
  const end = () => {
    forgetClient();
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    leaveNow.delete(leave);
    const otherDrains = (drainsByAccount.get(accountId) ?? 1) - 1;
    if (otherDrains > 0) drainsByAccount.set(accountId, otherDrains);
    else drainsByAccount.delete(accountId);
  };
  const forgetClient = clientConnection.onDisconnect(() => {
    const draining = drainsByAccount.get(accountId) ?? 0;
    const { drainMs } = env().limits;
    if (drainMs === 0 || draining >= DRAINS_PER_ACCOUNT_MAX) return leave();
    drainsByAccount.set(accountId, draining + 1);
    leaveNow.add(leave);
    timer = setTimeout(leave, drainMs);
  });
  return { departure, end };
}

/** Ends every drain, so that each is settled by an estimate before the process ends. */
export function endDrains(): void {
  for (const leave of leaveNow) leave();
}
