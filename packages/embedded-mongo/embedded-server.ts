import { chmodSync, realpathSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import type { CommandContext } from "./commands/command-handler";
import { serveConnection } from "./protocol/serve-connection";
import { createCursorTable } from "./commands/cursor-table";
import { CommandError } from "./command-error";
import { socketPathOf, uriOf } from "./client/location";
import { takeLock } from "./storage/directory-lock";
import { openWriteHistory } from "./commands/write-history";
import { createInterleavedRunner } from "./commands/interleaving";
import { createMemoryGauge } from "./memory-gauge";
import { runCommand } from "./commands/run-command";
import type { JournalOptions } from "./storage/change-journal";
import { openStore } from "./storage/document-store";
import type { BsonDocument } from "./values/values";
import { deleteExpired } from "./storage/delete-expired";

export type EmbeddedServer = { socketPath: string; uri: string; close(): Promise<void> };
export type ServerOptions = {
  dir: string;
  /** For tests: the seed of an order of commands that is no stricter than MongoDB's. */
  interleaving?: number;
  /** For tests: called with every command. */
  onCommand?: (command: BsonDocument) => void;
  /** For tests: how full the memory is, from 0 to 1, in place of the measured figure. */
  memoryPressure?: () => number;
} & JournalOptions;

const SWEEP_MS = 3_000;
/** MongoDB deletes expired documents once a minute. */
const INTERLEAVED_SWEEP_MS = 60_000;

/**
 * Serves a data directory on its socket. One process owns a directory: while another does, this throws an Error with `code`
 * "ALREADY_OWNED"; a killed process's directory is taken over. Throws DamagedDataError where acknowledged changes are missing.
 */
export async function startEmbedded({ dir, ...options }: ServerOptions): Promise<EmbeddedServer> {
  const socketPath = socketPathOf(dir);
  const release = await takeLock(realpathSync(dir), socketPath);
  try {
    const { close } = await listen(dir, socketPath, options);
    return { socketPath, uri: uriOf(socketPath), close: () => close().finally(release) };
  } catch (error) {
    release();
    throw error;
  }
}

async function listen(
  dir: string,
  socketPath: string,
  { onFatal, interleaving, memoryPressure, onCommand, ...options }: Omit<ServerOptions, "dir">,
): Promise<{ close: () => Promise<void> }> {
  const endConnections = (error: Error) => {
    // A write in progress may be on the disk or not: its client learns that from the broken connection.
    server.close();
    for (const socket of sockets) socket.destroy();
    onFatal?.(error);
  };
  const store = await openStore(dir, { ...options, onFatal: endConnections });
  const gauge = memoryPressure
    ? { pressure: memoryPressure, close: () => {} }
    : createMemoryGauge();
  const context = {
    store,
    cursors: createCursorTable(),
    history: openWriteHistory(store),
    address: socketPath,
    dir,
    pressure: gauge.pressure,
  };
  const execute = interleaving === undefined ? runCommand : createInterleavedRunner(interleaving);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    serveConnection(socket, ({ command, body, sequences }) => {
      onCommand?.(command);
      // Written out: a spread of the context costs microseconds with each command.
      return execute(command, {
        store,
        cursors: context.cursors,
        history: context.history,
        address: socketPath,
        pressure: gauge.pressure,
        dir,
        connection: socket,
        body,
        sequences,
      } satisfies CommandContext);
    });
  });
  const endStore = async () => {
    for (const socket of sockets) socket.destroy();
    await store.journal.committed().catch(() => undefined);
    await store.journal.close();
  };
  try {
    rmSync(socketPath, { force: true });
    await listenPrivately(server, socketPath);
  } catch (error) {
    await endStore();
    throw error;
  }
  const sweep = setInterval(
    () => {
      context.cursors.closeIdle();
      try {
        store.journal.check();
        context.history.prune();
        deleteExpired(store);
      } catch (error) {
        // While the disk is full, nothing is deleted.
        if (!(error instanceof CommandError)) throw error;
      }
    },
    interleaving === undefined ? SWEEP_MS : INTERLEAVED_SWEEP_MS,
  );
  sweep.unref();
  const close = async () => {
    clearInterval(sweep);
    gauge.close();
    server.close();
    await endStore();
    rmSync(socketPath, { force: true });
  };
  return { close };
}

/** Listens on a socket that only this user may open. `exclusive`, or the workers of a cluster would share it. */
function listenPrivately(
  server: ReturnType<typeof createServer>,
  socketPath: string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ path: socketPath, exclusive: true }, () => {
      chmodSync(socketPath, 0o600);
      resolve();
    });
  });
}
