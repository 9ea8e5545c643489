import { createHash } from "node:crypto";
import { threadId } from "node:worker_threads";
import type { EmbeddedServer } from "@onekey/embedded-mongo";
import {
  embeddedUri,
  openDirect,
  socketPathOf,
  type DirectConnection,
} from "@onekey/embedded-mongo/client";
import { MongoClient, type Db } from "mongodb";
import { now, setClock } from "@/lib/clock";
import { env } from "@/lib/env";
import { errorName, log } from "@/lib/log";
import { recordShapes } from "./command-shapes";
import { endWaitsOfClosedConnections } from "./closed-connections";

type DatabaseConnection = {
  client: MongoClient;
  db: Db;
  embedded: EmbeddedServer | null;
  direct: DirectConnection | null;
};

/** The name of the database in the embedded server. */
export const EMBEDDED = "onekey";

const store = globalThis as typeof globalThis & { __onekeyDatabase?: Promise<DatabaseConnection> };

/** Connects once per process, to MONGODB_URI or to the embedded server (joined when it runs, else started here). */
function connection(): Promise<DatabaseConnection> {
  store.__onekeyDatabase ??= connect().catch((error: unknown) => {
    store.__onekeyDatabase = undefined;
    throw error;
  });
  return store.__onekeyDatabase;
}

/**
 * `appName` names the process and the thread in the database's log. `connectTimeoutMS` bounds the driver's own checks of the server
 * too: one that hangs is given up and repeated after 5 s, not 30.
 */
const OPTIONS = {
  appName: `onekey-${process.pid}-${threadId}`,
  maxPoolSize: 64,
  serverSelectionTimeoutMS: 5_000,
  connectTimeoutMS: 5_000,
  socketTimeoutMS: 60_000,
  retryWrites: true,
  ignoreUndefined: true,
} as const;

async function connect(): Promise<DatabaseConnection> {
  endWaitsOfClosedConnections();
  const { mongodbUri, dataDir, startsDatabase, databaseSync, interleaving, recordCommands } = env();
  if (mongodbUri) return open(new MongoClient(mongodbUri, { ...OPTIONS, w: "majority" }), null);
  const client = new MongoClient(embeddedUri(dataDir), {
    ...OPTIONS,
    serverSelectionTimeoutMS: 1_500,
  });
  try {
    await client.connect();
    return await open(client, null);
  } catch (error) {
    await client.close();
    if (error instanceof ModeMismatch || !startsDatabase) throw error;
  }
  try {
    // Loaded only in the process that serves it: its packages hold 35 MB.
    const { startEmbedded } = await import("@onekey/embedded-mongo");
    const onCommand = recordCommands === undefined ? undefined : recordShapes(recordCommands);
    const embedded = await startEmbedded({
      dir: dataDir,
      sync: databaseSync,
      interleaving,
      onCommand,
      onFatal: (error) => log.error("database.failed", { error: errorName(error) }),
    });
    return await open(new MongoClient(embedded.uri, OPTIONS), embedded);
  } catch (error) {
    // One is there and was too busy to answer in time: it gets longer.
    if (!(error instanceof Error && "code" in error && error.code === "ALREADY_OWNED")) throw error;
    return open(new MongoClient(embeddedUri(dataDir), OPTIONS), null);
  }
}

/** The database belongs to the other mode, or to another pepper, its clock is another, or it is no replica set. */
export class ModeMismatch extends Error {}

async function open(
  client: MongoClient,
  embedded: EmbeddedServer | null,
): Promise<DatabaseConnection> {
  await client.connect();
  const db = client.db(isEmbedded() ? EMBEDDED : undefined);
  const close = async (why: string) => {
    await client.close();
    await embedded?.close();
    throw new ModeMismatch(why);
  };
  const meta = db.collection<{ _id: string; value: string }>("meta");
  const stamp = async (id: string, value: string) =>
    (
      await meta.findOneAndUpdate(
        { _id: id },
        { $setOnInsert: { value } },
        { upsert: true, returnDocument: "after" },
      )
    )?.value === value;
  const { mode, keyPepper } = env();
  const { setName, msg } = await db.admin().command({ hello: 1 });
  // A router of a sharded cluster says `isdbgrid` and stands for replica sets.
  if (setName === undefined && msg !== "isdbgrid")
    await close(
      "MONGODB_URI names a standalone server. OneKey needs a replica set, of one member at least: its writes wait for a majority and are repeated, its reads are linearizable. Start mongod with --replSet, and run rs.initiate() once.",
    );
  if (!(await stamp("mode", mode)))
    await close(`This database was made in the other mode than ${mode}: use another one.`);
  const fingerprint = createHash("sha256")
    .update(`onekey pepper ${keyPepper}`)
    .digest("hex")
    .slice(0, 16);
  if (!(await stamp("pepper", fingerprint)))
    await close("KEY_PEPPER is not the one that this database's keys were made with.");
  await readClock(db);
  if (Math.abs(now() - Date.now()) > 30_000)
    await close("This machine's clock is more than 30 s from the database's: set it right.");
  return {
    client,
    db,
    embedded,
    direct: usesDirect() ? openDirect(socketPathOf(env().dataDir)) : null,
  };
}

/** Sets this process's time by the database's. */
export async function readClock(db?: Db): Promise<void> {
  const askedAt = performance.now();
  const { localTime } = await (db ?? (await database())).admin().command({ hello: 1 });
  if (localTime instanceof Date)
    setClock({ databaseTime: localTime, askedAt, answeredAt: performance.now() });
}

/** The database itself, for what concerns all of its collections alike. */
export async function database(): Promise<Db> {
  return (await connection()).db;
}

/** The way past the driver to the embedded server (docs/decisions/0015-past-the-driver.md); null when it is not open, or the data is in MongoDB. */
export async function directly(): Promise<DirectConnection | null> {
  const { direct } = await connection();
  return direct?.isOpen() ? direct : null;
}

/** True when the data is in the embedded server and not in a MongoDB of the operator's. */
export function isEmbedded(): boolean {
  return env().mongodbUri === undefined;
}

/** With MongoDB, and where the embedded database behaves like it, everything goes by the driver. */
const usesDirect = (): boolean => isEmbedded() && env().interleaving === undefined;

/** Closes the connection, and the embedded server if this process started it. */
export async function closeDatabase(): Promise<void> {
  const connection = store.__onekeyDatabase;
  store.__onekeyDatabase = undefined;
  if (!connection) return;
  const { client, embedded, direct } = await connection;
  direct?.close();
  await client.close();
  await embedded?.close();
}
