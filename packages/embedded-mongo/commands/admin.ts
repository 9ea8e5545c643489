import { ObjectId } from "bson";
import type { BsonDocument } from "../values/values";
import type { CommandHandler } from "./command-handler";

const startedAt = Date.now();
/** The primary of a replica set of one: drivers then send retryable writes. */
const identity = (address: string): BsonDocument => ({
  helloOk: true,
  isWritablePrimary: true,
  ismaster: true,
  secondary: false,
  setName: "onekey",
  setVersion: 1,
  hosts: [address],
  me: address,
  primary: address,
  electionId: new ObjectId("7fffffff0000000000000001"),
  maxBsonObjectSize: 16_777_216,
  maxMessageSizeBytes: 48_000_000,
  maxWriteBatchSize: 100_000,
  logicalSessionTimeoutMinutes: 30,
  minWireVersion: 0,
  maxWireVersion: 21,
  readOnly: false,
});

export const hello: CommandHandler = (_command, { address }) => ({
  fields: { ...identity(address), localTime: new Date() },
});
export const ping: CommandHandler = () => ({});

export const buildInfo: CommandHandler = () => ({
  fields: {
    version: "7.0.0",
    versionArray: [7, 0, 0, 0],
    gitVersion: "embedded",
    bits: 64,
    maxBsonObjectSize: 16_777_216,
  },
});

export const serverStatus: CommandHandler = (_command, { address, pressure, store }) => ({
  fields: {
    host: address,
    version: "7.0.0",
    process: "onekey",
    pid: process.pid,
    uptime: (Date.now() - startedAt) / 1000,
    localTime: new Date(),
    mem: { resident: Math.round(process.memoryUsage.rss() / 2 ** 20) },
    embedded: {
      memoryPressure: pressure(),
      documents: [...store.collections.values()].reduce((total, { byId }) => total + byId.size, 0),
      bytesOnDisk: store.journal.bytesOnDisk(),
    },
  },
});

export const endSessions: CommandHandler = (command, { history }) => {
  history.forget(command.endSessions);
  return {};
};
