import { MongoClient } from "mongodb";
import { embeddedUri } from "@onekey/embedded-mongo/client";
import { expect, test, vi } from "vitest";
import { EMBEDDED } from "@/lib/db/client";
import { useOwnDatabase } from "@/lib/db/own-database";
import { isOnServer } from "@/lib/db/testing/test-conditions";
import { env } from "@/lib/env";
import { digestOf } from "@/lib/ids";
import { ensureIndexes } from "./collection";
import { createManagementKey } from "./create";
import { findManagementKey } from "./queries";
import type { ManagementKey } from "./schema";

// The embedded database behaves like a replica set whose primary changes now and then.
vi.stubEnv("ONEKEY_SANDBOX_INTERLEAVING", "7");
useOwnDatabase(ensureIndexes);

const ROUNDS = 250;

test.skipIf(isOnServer)(
  "a key that another server revoked is refused, also while a deposed primary still serves reads",
  async () => {
    const { key, secret } = await createManagementKey({
      accountId: "usr_deposed",
      name: "deploy-bot",
      scopes: ["read"],
      creator: { kind: "person", id: "usr_deposed", name: "Mira" },
    });
    const digest = digestOf(secret, env().keyPepper);
    const uri = embeddedUri(env().dataDir);
    const otherServer = await new MongoClient(uri, { appName: "other server" }).connect();
    const keysThere = otherServer.db(EMBEDDED).collection<ManagementKey>("management_keys");
    for (let round = 0; round < ROUNDS; round++) {
      await keysThere.updateOne({ _id: key._id }, { $unset: { revokedAt: "" } });
      await keysThere.updateOne({ _id: key._id }, { $set: { revokedAt: new Date() } });
      expect(await findManagementKey(digest, Date.now())).toBeNull();
    }
    await otherServer.close();
  },
  60_000,
);
