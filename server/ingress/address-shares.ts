import type { IncomingMessage } from "node:http";
import { addressGroup } from "./connections";

/** Requests in progress by client address, for a server whose connections are an edge's. */
export function createAddressShares(limit: (address: string) => number | null) {
  const inProgress = new Map<string, number>();
  return {
    /** What gives the request's place back, undefined where no limit holds, null where the address has none left. */
    take(address: string, req: IncomingMessage): (() => void) | null | undefined {
      const max = limit(address);
      if (max === null) return undefined;
      const group = addressGroup(address);
      const inUse = inProgress.get(group) ?? 0;
      if (inUse >= max) return null;
      inProgress.set(group, inUse + 1);
      let isReleased = false;
      const release = () => {
        if (isReleased) return;
        isReleased = true;
        req.socket.off("close", release);
        const remaining = (inProgress.get(group) ?? 1) - 1;
        if (remaining > 0) inProgress.set(group, remaining);
        else inProgress.delete(group);
      };
      req.socket.once("close", release);
      return release;
    },
  };
}
