import fs, { mkdirSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import path from "node:path";

/** A file's content, apart from its names. */
type FileContent = { durable: Buffer; pending: PendingWrite[] };
type PendingWrite = { offset: number; bytes: Buffer } | { size: number };
type NameChange = { name: string; content: FileContent | null };
type DiskEvent =
  | { kind: "name"; changes: NameChange[] }
  | { kind: "write"; content: FileContent; write: PendingWrite }
  | { kind: "synced"; content: FileContent; count: number }
  | { kind: "namesSynced" };

/** A write up to this length is on the disk or not, as it lies in one sector. */
const SECTOR_BYTES = 512;
/** How many turns of the event loop an fsync takes. */
const SYNC_TURNS = 12;

/**
 * Records what this process does with the files of one directory, and makes of it what a power cut at any moment may leave: all that
 * an fsync has confirmed, and of the rest any part. Files that are there at the beginning are on the disk.
 */
export function recordDisk(dir: string) {
  const startingFiles = new Map<string, Buffer>(
    fs.readdirSync(dir).map((name) => [name, fs.readFileSync(path.join(dir, name))]),
  );
  const events: DiskEvent[] = [];
  const contents = new Map<string, FileContent>();
  for (const [name, durable] of startingFiles) contents.set(name, { durable, pending: [] });
  const startingContents = new Map(contents);
  const open = new Map<number, { content: FileContent | null; size: number }>();
  const writeCounts = new Map<FileContent, number>();
  const original = { ...fs };

  const nameOf = (file: unknown): string | null =>
    typeof file === "string" && path.dirname(file) === dir ? path.basename(file) : null;
  const rename = (changes: NameChange[]) => {
    for (const { name, content } of changes)
      if (content) contents.set(name, content);
      else contents.delete(name);
    events.push({ kind: "name", changes });
  };
  const note = (content: FileContent, write: PendingWrite) => {
    writeCounts.set(content, (writeCounts.get(content) ?? 0) + 1);
    events.push({ kind: "write", content, write });
  };
  const noteSync = (descriptor: number): (() => void) => {
    const content = open.get(descriptor)?.content;
    if (content === undefined) return () => {};
    if (content === null) return () => events.push({ kind: "namesSynced" });
    const count = writeCounts.get(content) ?? 0;
    return () => events.push({ kind: "synced", content, count });
  };

  const patches: Record<string, unknown> = {
    openSync: (file: fs.PathLike, flags: string, mode?: fs.Mode) => {
      const descriptor = original.openSync(file, flags, mode);
      const name = nameOf(file);
      if (file === dir) open.set(descriptor, { content: null, size: 0 });
      if (name === null || flags === "r") return descriptor;
      let content = contents.get(name);
      if (!content) {
        content = { durable: Buffer.alloc(0), pending: [] };
        rename([{ name, content }]);
      } else if (flags.startsWith("w")) note(content, { size: 0 });
      open.set(descriptor, { content, size: original.fstatSync(descriptor).size });
      return descriptor;
    },
    writeSync: (descriptor: number, bytes: Uint8Array, ...rest: (number | undefined)[]) => {
      const byteCount = original.writeSync(descriptor, bytes, ...rest);
      const file = open.get(descriptor);
      if (!file?.content) return byteCount;
      const [from = 0, , position] = rest;
      const offset = position ?? file.size;
      note(file.content, { offset, bytes: Buffer.from(bytes.subarray(from, from + byteCount)) });
      file.size = Math.max(file.size, offset + byteCount);
      return byteCount;
    },
    ftruncateSync: (descriptor: number, size: number) => {
      original.ftruncateSync(descriptor, size);
      const file = open.get(descriptor);
      if (!file?.content) return;
      file.size = size;
      note(file.content, { size });
    },
    fsyncSync: (descriptor: number) => noteSync(descriptor)(),
    fdatasync: (descriptor: number, callback: (error: Error | null) => void) => {
      const end = noteSync(descriptor);
      // Other writes come between the beginning of an fsync and its end.
      let turns = SYNC_TURNS;
      const wait = () => {
        if (--turns > 0) return void setImmediate(wait);
        end();
        callback(null);
      };
      setImmediate(wait);
    },
    closeSync: (descriptor: number) => {
      open.delete(descriptor);
      original.closeSync(descriptor);
    },
    renameSync: (from: string, to: string) => {
      original.renameSync(from, to);
      const [oldName, name] = [nameOf(from), nameOf(to)];
      const content = oldName === null ? undefined : contents.get(oldName);
      if (oldName !== null && name !== null && content)
        rename([
          { name: oldName, content: null },
          { name, content },
        ]);
    },
    rmSync: (file: string, options?: fs.RmOptions) => {
      original.rmSync(file, options);
      const name = nameOf(file);
      if (name !== null && contents.has(name)) rename([{ name, content: null }]);
    },
  };
  Object.assign(fs, patches);
  syncBuiltinESMExports();

  return {
    eventCount: () => events.length,
    stop: () => {
      Object.assign(
        fs,
        Object.fromEntries(
          Object.keys(patches).map((name) => [name, original[name as keyof typeof original]]),
        ),
      );
      syncBuiltinESMExports();
    },
    /** Writes to a new directory what a power cut after so many events may leave. `random` gives numbers from 0 to 1. */
    writeRemains: (copy: string, eventCount: number, random: () => number): void => {
      mkdirSync(copy);
      const names = new Map(startingContents);
      let pendingNames: NameChange[][] = [];
      const states = new Map<FileContent, FileContent>();
      const stateOf = (content: FileContent): FileContent => {
        const state = states.get(content) ?? { durable: content.durable, pending: [] };
        states.set(content, state);
        return state;
      };
      const syncedCounts = new Map<FileContent, number>();
      const applyNames = (changes: NameChange[]) => {
        for (const { name, content } of changes)
          if (content) names.set(name, content);
          else names.delete(name);
      };
      for (const event of events.slice(0, eventCount))
        switch (event.kind) {
          case "name":
            pendingNames.push(event.changes);
            break;
          case "namesSynced":
            for (const changes of pendingNames) applyNames(changes);
            pendingNames = [];
            break;
          case "write":
            stateOf(event.content).pending.push(event.write);
            break;
          case "synced": {
            const state = stateOf(event.content);
            const earlier = syncedCounts.get(event.content) ?? 0;
            const confirmedWrites = state.pending.splice(0, event.count - earlier);
            state.durable = confirmedWrites.reduce(applyWrite, state.durable);
            syncedCounts.set(event.content, Math.max(earlier, event.count));
            break;
          }
        }
      // A file system keeps the order of changes of names.
      for (const changes of pendingNames.slice(0, Math.floor(random() * (pendingNames.length + 1))))
        applyNames(changes);
      for (const [name, content] of names) {
        const { durable, pending } = stateOf(content);
        writeFileSync(path.join(copy, name), remainsOf(durable, pending, random));
      }
    },
  };
}

/** What a power cut leaves of writes that no fsync has confirmed: all, those before a moment, or any of them. */
function remainsOf(durable: Buffer, pending: PendingWrite[], random: () => number): Buffer {
  const kind = random();
  if (kind < 0.2) return pending.reduce(applyWrite, durable);
  if (kind < 0.6) {
    const count = Math.floor(random() * (pending.length + 1));
    const next = pending[count];
    const content = pending.slice(0, count).reduce(applyWrite, durable);
    return next ? applyWrite(content, partOf(next, random)) : content;
  }
  return pending
    .filter(() => random() < 0.5)
    .map((write) => (random() < 0.2 ? partOf(write, random) : write))
    .reduce(applyWrite, durable);
}

function partOf(write: PendingWrite, random: () => number): PendingWrite {
  if ("size" in write || write.bytes.length <= SECTOR_BYTES / 16) return write;
  return {
    offset: write.offset,
    bytes: write.bytes.subarray(0, Math.floor(random() * write.bytes.length)),
  };
}

/** Bytes before an offset that were never written are zeros. */
function applyWrite(content: Buffer, write: PendingWrite): Buffer {
  if ("size" in write) {
    const newContent = Buffer.alloc(write.size);
    content.copy(newContent);
    return newContent;
  }
  const next = Buffer.alloc(Math.max(content.length, write.offset + write.bytes.length));
  content.copy(next);
  write.bytes.copy(next, write.offset);
  return next;
}
