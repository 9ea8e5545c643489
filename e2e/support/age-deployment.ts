import type { Db } from "mongodb";
import type { Account } from "@/lib/accounts/schema";
import type { Instance } from "@/lib/instances/schema";

/** Makes every heartbeat and every hold so much older. */
export async function ageDeployment(database: Db, ms: number): Promise<void> {
  const instances = database.collection<Instance>("instances");
  for (const { _id, seenAt } of await instances.find().toArray())
    await instances.updateOne({ _id }, { $set: { seenAt: new Date(seenAt.getTime() - ms) } });
  await database.collection<Account>("accounts").updateMany({}, { $inc: { "holds.$[].at": -ms } });
}
