import { createHash } from "node:crypto";
import { mkdirSync, realpathSync, rmSync } from "node:fs";
import { chmod, writeFile } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createRunner } from "./session";
import { openStore, removeDocument, type Stored } from "./store";
import { valuesAt } from "./values";
import { encodeReply, MESSAGE_BYTES_MAX, parseMessage, ProtocolError } from "./wire";

export type EmbeddedServer = { socketPath: string; uri: string; close(): Promise<void> };

const EXPIRY_MS = 5_000;
/** A unix socket's path holds 107 bytes. */
const SOCKET_BYTES_MAX = 100;

/** Where the server of a data directory listens: inside it, or under the system's temporary directory when that is too deep. */
function socketPathOf(dir: string): string {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const real = realpathSync(dir);
  const inside = path.join(real, "mongodb.sock");
  if (Buffer.byteLength(inside) <= SOCKET_BYTES_MAX) return inside;
  const short = path.join(tmpdir(), `onekey-${createHash("sha256").update(real).digest("hex").slice(0, 24)}`);
  mkdirSync(short, { recursive: true, mode: 0o700 });
  return path.join(short, "mongodb.sock");
}

/** The address by which the driver joins the server of a data directory. */
export function embeddedUri(dir: string): string {
  return `mongodb://${encodeURIComponent(socketPathOf(dir))}/?directConnection=true`;
}

/**
 * Serves a data directory over its socket. One process owns a directory: while another answers there, this throws an
 * Error with `code` "ALREADY_OWNED"; what a killed one left is taken over.
 */
export async function startEmbedded({ dir }: { dir: string }): Promise<EmbeddedServer> {
  const socketPath = socketPathOf(dir);
  const owned = () =>
    Object.assign(new Error("Another process serves this data directory."), { code: "ALREADY_OWNED" });
  if (await answers(socketPath)) throw owned();
  const lock = path.join(path.dirname(socketPath), "owner.pid");
  await takeLock(lock, owned);
  rmSync(socketPath, { force: true });
  const stored = openStore(dir);
  const runner = createRunner(stored, socketPath);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    serve(socket, runner.run);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(socketPath, resolve);
  });
  await chmod(socketPath, 0o600);
  const timer = setInterval(() => {
    expire(stored);
    runner.closeOld();
  }, EXPIRY_MS);
  timer.unref();
  const close = async () => {
    clearInterval(timer);
    server.close();
    for (const socket of sockets) socket.destroy();
    await stored.settled();
    await stored.database.close();
    rmSync(socketPath, { force: true });
    rmSync(lock, { force: true });
  };
  return { socketPath, uri: embeddedUri(dir), close };
}

async function takeLock(lock: string, owned: () => Error): Promise<void> {
  const { readFile } = await import("node:fs/promises");
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      await writeFile(lock, String(process.pid), { flag: "wx", mode: 0o600 });
      return;
    } catch {
      const pid = Number(await readFile(lock, "utf8").catch(() => "0"));
      if (pid > 0 && pid !== process.pid && isAlive(pid)) throw owned();
      rmSync(lock, { force: true });
    }
  }
  throw owned();
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/** Reads messages off a socket and answers them; a client that does not speak the protocol is disconnected. */
function serve(socket: Socket, run: (command: Record<string, unknown>) => Promise<Record<string, unknown>>): void {
  let pieces: Buffer[] = [];
  let bytes = 0;
  const drop = () => socket.destroy();
  socket.on("error", drop);
  socket.on("data", (chunk: Buffer) => {
    pieces.push(chunk);
    bytes += chunk.length;
    while (bytes >= 16) {
      if (pieces.length > 1 && (pieces[0]?.length ?? 0) < 4) pieces = [Buffer.concat(pieces)];
      const size = pieces[0]?.readInt32LE(0) ?? 0;
      if (size < 16 || size > MESSAGE_BYTES_MAX) return drop();
      if (bytes < size) return;
      const buffer = pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
      pieces = buffer.length > size ? [buffer.subarray(size)] : [];
      bytes -= size;
      try {
        const message = parseMessage(buffer.subarray(0, size));
        void run(message.command).then((reply) => {
          if (!message.moreToCome && !socket.destroyed) socket.write(encodeReply(message, reply));
        }, drop);
      } catch (error) {
        if (!(error instanceof ProtocolError) && !(error instanceof RangeError)) throw error;
        return drop();
      }
    }
  });
}

/** Deletes what a TTL index says is over. */
function expire(stored: Stored): void {
  const now = Date.now();
  for (const collection of stored.collections.values()) {
    for (const { spec, fields } of collection.indexes) {
      const [field] = fields;
      if (spec.expireAfterSeconds === undefined || field === undefined) continue;
      for (const doc of [...collection.docs.values()]) {
        const dates = valuesAt(doc, field).filter((value): value is Date => value instanceof Date);
        if (dates.length > 0 && Math.min(...dates.map(Number)) + spec.expireAfterSeconds * 1000 <= now)
          removeDocument(stored, collection, doc);
      }
    }
  }
}
