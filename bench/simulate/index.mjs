// `node bench/simulate/index.mjs`: what limits OneKey on a MongoDB with a given round trip and write rate, by instances and accounts.
import { capacity, DEFAULTS, simulate } from "./model.mjs";

const print = (row) => console.log(JSON.stringify(row));
const rowOf = ({ rate, holdMs, databaseUse, serverUse }) => ({
  requestsPerSecond: rate,
  holdMs,
  databaseUse: Math.round((databaseUse ?? 0) * 100) / 100,
  serverUse: Math.round((serverUse ?? 0) * 100) / 100,
});

console.log("Capacity by instances and accounts");
for (const instances of [1, 10, 100, 1_000])
  for (const accounts of [1, 1_000, 1_000_000])
    print({ instances, accounts, ...rowOf(capacity({ instances, accounts })) });

console.log(
  "Writes of one account, without the limit of 500 open holds, by instances and time of a document write",
);
for (const instances of [1, 4, 16, 100, 1_000])
  for (const documentMs of [0.1, 0.3, 1])
    print({
      instances,
      documentMs,
      ...rowOf(capacity({ instances, accounts: 1, documentMs, openHoldsMax: Infinity })),
    });

console.log("The same with 16 instances, by round trip");
for (const roundTripMs of [0.1, 1, 5, 20])
  print({
    roundTripMs,
    ...rowOf(capacity({ instances: 16, accounts: 1, roundTripMs, openHoldsMax: Infinity })),
  });

console.log("Capacity by cores of the primary, 1,000 instances, a million accounts");
for (const databaseCores of [4, 8, 16, 32, 64])
  print({
    databaseCores,
    ...rowOf(capacity({ instances: 1_000, accounts: 1_000_000, databaseCores })),
  });

console.log("Hold latency at half of the capacity of ten instances, by round trip");
for (const roundTripMs of [0.1, 1, 5, 20])
  print({
    roundTripMs,
    ...simulate({ instances: 10, requestsPerSecond: 10_000, roundTripMs }).holdMs,
  });

console.log(
  "Calibration: the embedded database on the same machine, 4 servers, 16 accounts (measured: 3,400 to 4,700 requests/s)",
);
const embeddedCosts = {
  roundTripMs: 0.05,
  replicationMs: 0.2,
  databaseCores: 1,
  commandMs: 0.06,
  writeMs: 0.04,
  documentMs: 0.04,
};
print(rowOf(capacity({ instances: 1, accounts: 16, ...embeddedCosts })));
console.log(`Defaults: ${JSON.stringify(DEFAULTS)}`);
