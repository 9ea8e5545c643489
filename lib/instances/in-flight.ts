import { processSingleton } from "@/lib/process-singleton";

const inFlightIds = processSingleton("inFlight", () => new Set<string>());

/** Notes a request of this instance until it is settled. Returns what ends that. */
export function began(requestId: string): () => void {
  inFlightIds.add(requestId);
  return () => inFlightIds.delete(requestId);
}

export const isInFlight = (requestId: string): boolean => inFlightIds.has(requestId);
