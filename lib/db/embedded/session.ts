import { Long, ObjectId } from "bson";
import { COMMANDS, refuseOptions, type Context } from "./commands";
import { CommandError } from "./errors";
import { decode, encode, type Stored } from "./store";
import { keyOf, type Doc, type Value } from "./values";

type Cursor = { namespace: string; docs: Doc[]; at: number; usedAt: number };
type Answered = { number: string; reply: Doc };

const FIRST_BATCH = 101;
const BATCH_BYTES = 12_000_000;
const CURSOR_LIFE_MS = 600_000;
const SESSIONS_MAX = 20_000;
const RETRYABLE = new Set(["insert", "update", "delete", "findAndModify", "findandmodify"]);

/** Runs commands against a store, with its cursors and the answers to writes that a client may repeat. */
export function createRunner(stored: Stored, address: string) {
  const cursors = new Map<number, Cursor>();
  const answered = new Map<string, Answered>();
  let nextCursor = 1;
  for (const { key, value } of stored.database.getRange({ start: "s\u0000", end: "s\u0001" })) {
    answered.set(key, decode(value) as Answered);
  }

  const take = (cursor: Cursor, batchSize: number | undefined, first: boolean): Doc[] => {
    const most = batchSize === undefined || (!first && batchSize === 0) ? (first ? FIRST_BATCH : Infinity) : batchSize;
    const batch: Doc[] = [];
    for (let bytes = 0; cursor.at < cursor.docs.length && batch.length < most && bytes < BATCH_BYTES; cursor.at++) {
      const doc = cursor.docs[cursor.at];
      if (!doc) break;
      bytes += cursor.docs.length > FIRST_BATCH ? encode(doc).length : 0;
      batch.push(doc);
    }
    return batch;
  };

  const openCursor: Context["openCursor"] = (namespace, docs, batchSize) => {
    const cursor: Cursor = { namespace, docs, at: 0, usedAt: Date.now() };
    const firstBatch = take(cursor, batchSize, true);
    const open = cursor.at < docs.length;
    const id = open ? nextCursor++ : 0;
    if (open) cursors.set(id, cursor);
    return { cursor: { firstBatch, id: Long.fromNumber(id), ns: namespace } };
  };

  const getMore = (command: Doc): Doc => {
    const id = Number(command.getMore);
    const cursor = cursors.get(id);
    if (!cursor) throw new CommandError(43, "CursorNotFound", `cursor id ${id} not found`);
    cursor.usedAt = Date.now();
    const nextBatch = take(cursor, command.batchSize as number | undefined, false);
    const open = cursor.at < cursor.docs.length;
    if (!open) cursors.delete(id);
    return { cursor: { nextBatch, id: Long.fromNumber(open ? id : 0), ns: cursor.namespace } };
  };

  const hello = (): Doc => ({
    helloOk: true,
    isWritablePrimary: true,
    ismaster: true,
    setName: "onekey",
    setVersion: 1,
    hosts: [address],
    me: address,
    primary: address,
    secondary: false,
    electionId: new ObjectId("7fffffff0000000000000001"),
    maxBsonObjectSize: 16_777_216,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    connectionId: 1,
    minWireVersion: 0,
    maxWireVersion: 21,
    readOnly: false,
  });

  const simple: Record<string, (command: Doc) => Doc> = {
    hello,
    isMaster: hello,
    ismaster: hello,
    ping: () => ({}),
    endSessions: () => ({}),
    killSessions: () => ({}),
    refreshSessions: () => ({}),
    buildInfo: () => ({ version: "7.0.0", versionArray: [7, 0, 0, 0], gitVersion: "embedded" }),
    serverStatus: () => ({ localTime: new Date(), process: "onekey" }),
    getMore,
    killCursors: (command) => {
      const ids = (command.cursors as Value[]).map(Number);
      const killed = ids.filter((id) => cursors.delete(id));
      return {
        cursorsKilled: killed.map((id) => Long.fromNumber(id)),
        cursorsNotFound: [],
        cursorsAlive: [],
        cursorsUnknown: [],
      };
    },
  };

  /** A write's answer is kept by its session and number, in the same commit, so that its repetition is not applied again. */
  const once = (command: Doc, run: () => Doc): Doc => {
    const lsid = command.lsid as Doc | undefined;
    if (command.txnNumber === undefined || !lsid) return run();
    const key = `s\u0000${keyOf(lsid.id)}`;
    const number = String(command.txnNumber);
    const last = answered.get(key);
    if (last?.number === number) return last.reply;
    const reply = run();
    answered.delete(key);
    answered.set(key, { number, reply });
    stored.write(key, encode({ number, reply }));
    if (answered.size > SESSIONS_MAX) {
      const [oldest = ""] = answered.keys();
      answered.delete(oldest);
      stored.write(oldest, null);
    }
    return reply;
  };

  const closeOld = () => {
    const oldest = Date.now() - CURSOR_LIFE_MS;
    for (const [id, cursor] of cursors) if (cursor.usedAt < oldest) cursors.delete(id);
  };

  /** Runs one command; resolves when what it wrote is committed. Never throws: an error is a reply too. */
  const run = async (command: Doc): Promise<Doc> => {
    try {
      const [name = ""] = Object.keys(command);
      const light = Object.hasOwn(simple, name) ? simple[name] : undefined;
      if (light) return { ...light(command), ok: 1 };
      const handler = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
      if (!handler) throw new CommandError(59, "CommandNotFound", `no such command: '${name.slice(0, 60)}'`);
      refuseOptions(command);
      const work = () => handler(command, { stored, openCursor });
      const reply = { ...(RETRYABLE.has(name) ? once(command, work) : work()), ok: 1 };
      if (name !== "find" && name !== "aggregate" && name !== "count") await stored.settled();
      return reply;
    } catch (error) {
      if (error instanceof CommandError)
        return { ok: 0, code: error.code, codeName: error.codeName, errmsg: error.message, ...error.extra };
      return { ok: 0, code: 8, codeName: "UnknownError", errmsg: error instanceof Error ? error.message : "failed" };
    }
  };

  return { run, closeOld };
}
