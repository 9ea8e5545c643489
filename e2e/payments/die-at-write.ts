import { Collection } from "mongodb";
import { closeDatabase } from "@/lib/db/client";
import { settleCheckout } from "@/lib/payments/cards/settle-checkout";
import { runTopUps } from "@/lib/payments/cards/top-up";

/**
 * A process that does one piece of payment work and is killed, as by kill -9, just before its nth write to the database.
 * It exits 0 when the work needs fewer writes. The fault is made here, around the driver: the product has no hook for it.
 */
const [work, id = "", nth = "0"] = process.argv.slice(2);
let remaining = Number(nth);

for (const name of ["insertOne", "updateOne", "findOneAndUpdate", "deleteOne"] as const) {
  const write = Collection.prototype[name] as (...given: unknown[]) => unknown;
  Object.defineProperty(Collection.prototype, name, {
    value(this: unknown, ...args: unknown[]) {
      // The connection's own stamps are not part of the work.
      const isCounted = (this as { collectionName: string }).collectionName !== "meta";
      if (isCounted && --remaining === 0) process.kill(process.pid, "SIGKILL");
      return write.apply(this, args);
    },
  });
}

if (work === "checkout") await settleCheckout(id);
else await runTopUps();
await closeDatabase();
process.exit(0);
