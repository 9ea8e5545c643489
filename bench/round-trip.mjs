// One update through the driver, from the gateway's core: what a hold cannot be faster than.
import { MongoClient } from "mongodb";
import { fileURLToPath } from "node:url";
import { percentile } from "./figures.mjs";

const UPDATES = 400;

/** The p50 of a small update's round trip in milliseconds, by a process on the gateway's core. */
export async function roundTrip(deployment) {
  const output = await deployment.runOnGatewayCore([
    fileURLToPath(import.meta.url),
    deployment.databaseUri,
  ]);
  return Number(output);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const client = await new MongoClient(process.argv[2]).connect();
  const rows = client.db("bench").collection("round-trips");
  await rows.updateOne({ _id: "a" }, { $set: { n: 0 } }, { upsert: true });
  const times = [];
  for (let i = 0; i < UPDATES * 2; i++) {
    const at = performance.now();
    await rows.updateOne({ _id: "a" }, { $inc: { n: 1 } });
    if (i >= UPDATES) times.push(performance.now() - at);
  }
  process.stdout.write(
    String(
      percentile(
        times.toSorted((a, b) => a - b),
        50,
      ),
    ),
  );
  await client.close();
}
