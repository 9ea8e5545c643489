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
      const others = inProgress.get(group) ?? 0;
      if (others >= max) return null;
      inProgress.set(group, others + 1);
      let released = false;
      const release = () => {
        if (released) return;
        released = true;
        req.socket.off("close", release);
        const left = (inProgress.get(group) ?? 1) - 1;
        if (left > 0) inProgress.set(group, left);
        else inProgress.delete(group);
      };
      req.socket.once("close", release);
      return release;
    },
  };
}
