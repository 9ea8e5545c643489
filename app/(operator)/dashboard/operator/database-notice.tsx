import { Notice } from "@/components/ui/notice";
import { formatCount } from "@/lib/format";
import { MEMORY_WARNING, type DatabaseState } from "@/lib/instances/database-state";

/** Warns that the embedded database is about to run out of memory. */
export function DatabaseNotice({ state }: { state: DatabaseState | null }) {
  if (!state || state.memoryPressure < MEMORY_WARNING) return null;
  const isRejecting = state.memoryPressure >= 0.8;
  return (
    <Notice tone={isRejecting ? "danger" : "warning"}>
      The embedded database’s memory is {Math.round(state.memoryPressure * 100)} % full with{" "}
      {formatCount(state.documents)} documents.{" "}
      {isRejecting ? "New requests are rejected with 503. " : ""}
      Give it more memory, or move to a MongoDB server: deploy/README.md describes how.
    </Notice>
  );
}
