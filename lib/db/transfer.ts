import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, stat, truncate, type FileHandle } from "node:fs/promises";
import { createInterface } from "node:readline";
import { BSON, type Document } from "mongodb";
import { z } from "zod";
import { AppError } from "@/lib/errors";
import { database } from "./client";

/** Only about this deployment: its stamps are compared, its heartbeats are not moved. */
const NOT_MOVED = new Set(["meta", "instances"]);
const BATCH = 1_000;
/** In `meta` while an import has begun and not ended: which file it reads. */
const IMPORT_STAMP = "import";

const Head = z.object({ onekey: z.literal(1), stamps: z.record(z.string(), z.string()) });
const Line = z.object({ c: z.string(), d: z.record(z.string(), z.unknown()) });
const Foot = z.object({ documents: z.number().int() });

export type TransferOptions = {
  /** Goes on with what an interrupted run of the same command left. */
  resume?: boolean;
  /** Called after every batch with the number of documents so far. */
  onProgress?: (documents: number) => void;
};

const meta = async () => (await database()).collection<{ _id: string; value: string }>("meta");

/** The mode and the pepper's fingerprint, which must be the same on both sides for keys to go on working. */
async function stamps(): Promise<Record<string, string>> {
  const all = await (await meta()).find().toArray();
  const settings = all.filter(({ _id }) => _id === "mode" || _id === "pepper");
  return Object.fromEntries(settings.map(({ _id, value }) => [_id, value]));
}

async function collectionNames(): Promise<string[]> {
  const all = await (await database()).listCollections({}, { nameOnly: true }).toArray();
  return all
    .map(({ name }) => name)
    .filter((name) => !NOT_MOVED.has(name) && !name.startsWith("system."))
    .toSorted();
}

/**
 * Writes every document as a line of extended JSON into a new file that only its owner may read; returns how many. The last line
 * holds the number, so that a file that was cut off is noticed. An interrupted export leaves its file, to be resumed.
 */
export async function exportDatabase(
  file: string,
  { resume = false, onProgress }: TransferOptions = {},
): Promise<number> {
  const partialExport = resume ? await readPartialExport(file) : null;
  const target = await open(file, partialExport ? "a" : "wx", 0o600).catch(
    (error: NodeJS.ErrnoException) => {
      throw new AppError(
        "bad_request",
        `${file} cannot be written (${error.code}): name a new file.`,
        { cause: error },
      );
    },
  );
  try {
    if (!partialExport)
      await target.write(`${JSON.stringify({ onekey: 1, stamps: await stamps() })}\n`);
    let documents = partialExport?.documents ?? 0;
    for (const name of await collectionNames()) {
      if (partialExport && name < partialExport.collection) continue;
      const filter = partialExport?.collection === name ? { _id: { $gt: partialExport.id } } : {};
      documents = await exportCollection({ target, name, filter, documents, onProgress });
    }
    await target.write(`${JSON.stringify({ documents })}\n`);
    await target.sync();
    return documents;
  } finally {
    await target.close();
  }
}

async function exportCollection(input: {
  target: FileHandle;
  name: string;
  filter: Document;
  documents: number;
  onProgress: TransferOptions["onProgress"];
}): Promise<number> {
  const { target, name, filter, onProgress } = input;
  let { documents } = input;
  let lines: string[] = [];
  const flush = async () => {
    if (lines.length === 0) return;
    await target.write(`${lines.join("\n")}\n`);
    documents += lines.length;
    lines = [];
    onProgress?.(documents);
  };
  // In the order of _id, so that an interrupted export knows where to go on.
  const cursor = (await database())
    .collection(name)
    .find(filter, { batchSize: BATCH })
    .sort({ _id: 1 });
  for await (const document of cursor) {
    lines.push(BSON.EJSON.stringify({ c: name, d: document }, { relaxed: false }));
    if (lines.length === BATCH) await flush();
  }
  await flush();
  return documents;
}

/** Where an interrupted export stopped; its incomplete last line is cut off. Null when it has no document. */
async function readPartialExport(
  file: string,
): Promise<{ documents: number; collection: string; id: unknown } | null> {
  let last: { collection: string; id: unknown } | null = null;
  let documents = 0;
  let bytes = 0;
  const head = { isRead: false };
  for await (const text of completeLines(file)) {
    const value = parse(text);
    if (!head.isRead) {
      await checkHead(file, value);
      head.isRead = true;
    } else if (Foot.safeParse(value).success) {
      throw new AppError("bad_request", `${file} is complete: there is nothing to resume.`);
    } else {
      const line = Line.parse(value);
      last = { collection: line.c, id: line.d._id };
      documents++;
    }
    bytes += Buffer.byteLength(text) + 1;
  }
  await truncate(file, last ? bytes : 0);
  if (!last)
    throw new AppError("bad_request", `${file} has no document yet: delete it and export again.`);
  return { documents, ...last };
}

async function* completeLines(file: string): AsyncGenerator<string> {
  const { size } = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw damageError(file, `cannot be read (${error.code})`);
  });
  let bytes = 0;
  const source = createReadStream(file);
  for await (const text of createInterface({ input: source, crlfDelay: Infinity })) {
    bytes += Buffer.byteLength(text) + 1;
    if (bytes > size) return;
    yield text;
  }
}

/** Reads such a file into an empty database, or into one that an interrupted import of it began; returns how many documents. */
export async function importDatabase(
  file: string,
  { resume = false, onProgress }: TransferOptions = {},
): Promise<number> {
  const db = await database();
  const stamp = await (await meta()).findOne({ _id: IMPORT_STAMP });
  if (!resume)
    for (const name of await collectionNames())
      if ((await db.collection(name).findOne({}, { projection: { _id: 1 } })) !== null)
        throw new AppError(
          "bad_request",
          `The database has documents in ${name}: import into an empty one${stamp ? ", or use --resume" : ""}.`,
        );
  // Read completely before anything is written.
  const hash = createHash("sha256");
  await readExport(file, () => Promise.resolve(), hash);
  const fingerprint = hash.digest("hex").slice(0, 32);
  if (resume && stamp?.value !== fingerprint)
    throw new AppError(
      "bad_request",
      "No import of this file was interrupted here: there is nothing to resume.",
    );
  await (
    await meta()
  ).updateOne({ _id: IMPORT_STAMP }, { $set: { value: fingerprint } }, { upsert: true });
  const waiting = new Map<string, Document[]>();
  let count = 0;
  const write = async (name: string) => {
    const batch = waiting.get(name) ?? [];
    waiting.delete(name);
    const missing = resume ? await withoutExisting(name, batch) : batch;
    if (missing.length > 0) await db.collection(name).insertMany(missing);
    count += batch.length;
    onProgress?.(count);
  };
  const documents = await readExport(file, async (name, document) => {
    const batch = waiting.get(name) ?? [];
    batch.push(document);
    waiting.set(name, batch);
    if (batch.length === BATCH) await write(name);
  });
  for (const name of Array.from(waiting.keys())) await write(name);
  await (await meta()).deleteOne({ _id: IMPORT_STAMP });
  return documents;
}

async function withoutExisting(name: string, batch: Document[]): Promise<Document[]> {
  const ids = batch.map(({ _id }) => _id as string);
  const all = (await database()).collection<{ _id: string }>(name);
  const existing = await all.find({ _id: { $in: ids } }, { projection: { _id: 1 } }).toArray();
  const existingIds = new Set(existing.map(({ _id }) => String(_id)));
  return batch.filter(({ _id }) => !existingIds.has(String(_id)));
}

const damageError = (file: string, reason: string, advice = "") =>
  new AppError("bad_request", `${file} ${reason}: nothing was imported.${advice}`);

async function checkHead(file: string, value: unknown): Promise<void> {
  const head = Head.safeParse(value);
  if (!head.success) throw damageError(file, "is not an export of OneKey");
  const current = await stamps();
  for (const [id, stamp] of Object.entries(head.data.stamps)) {
    if (current[id] === stamp) continue;
    if (id === "mode") throw damageError(file, `was made in ${stamp} mode`);
    throw damageError(
      file,
      "was made with another KEY_PEPPER, so no key in it would work",
      " Import it with its KEY_PEPPER, or with the secrets.json of its data directory.",
    );
  }
}

async function readExport(
  file: string,
  take: (name: string, document: Document) => Promise<void>,
  hash?: ReturnType<typeof createHash>,
): Promise<number> {
  const source = createReadStream(file);
  let isFirst = true;
  let isComplete = false;
  let documents = 0;
  try {
    for await (const text of createInterface({ input: source, crlfDelay: Infinity })) {
      if (isComplete) throw damageError(file, "goes on after its end");
      hash?.update(text);
      const value = parse(text);
      if (isFirst) {
        isFirst = false;
        await checkHead(file, value);
        continue;
      }
      const line = Line.safeParse(value);
      if (line.success) {
        documents++;
        await take(line.data.c, line.data.d);
        continue;
      }
      const foot = Foot.safeParse(value);
      if (!foot.success) throw damageError(file, `is damaged at document ${documents + 1}`);
      if (foot.data.documents !== documents)
        throw damageError(file, "does not hold all of its documents");
      isComplete = true;
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    throw code === undefined ? error : damageError(file, `cannot be read (${code})`);
  } finally {
    source.destroy();
  }
  if (!isComplete) throw damageError(file, "is cut off");
  return documents;
}

function parse(text: string): unknown {
  try {
    return BSON.EJSON.parse(text);
  } catch {
    return null;
  }
}
