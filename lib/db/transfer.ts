import { createReadStream } from "node:fs";
import { open, rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { BSON } from "mongodb";
import { z } from "zod";
import { AppError } from "@/lib/errors";
import { database } from "./client";

/** Of this server alone: its stamps are compared, its heartbeats are not moved. */
const OWN = new Set(["meta", "instances"]);
const BATCH = 1_000;

const Head = z.object({ onekey: z.literal(1), stamps: z.record(z.string(), z.string()) });
const Line = z.object({ c: z.string(), d: z.record(z.string(), z.unknown()) });
const Foot = z.object({ documents: z.number().int() });

/** The mode and the pepper's fingerprint, which must be the same on both sides for keys to go on working. */
async function stamps(): Promise<Record<string, string>> {
  const all = await (
    await database()
  )
    .collection<{ _id: string; value: string }>("meta")
    .find()
    .toArray();
  return Object.fromEntries(
    all.filter(({ _id }) => _id === "mode" || _id === "pepper").map((it) => [it._id, it.value]),
  );
}

async function names(): Promise<string[]> {
  const all = await (await database()).listCollections({}, { nameOnly: true }).toArray();
  return all
    .map(({ name }) => name)
    .filter((name) => !OWN.has(name) && !name.startsWith("system."))
    .sort();
}

/**
 * Writes every document as a line of extended JSON into a new file that its owner alone may read; returns how many.
 * The last line holds the number, so that a file that was cut off is noticed.
 */
export async function exportDatabase(file: string): Promise<number> {
  const target = await open(file, "wx", 0o600).catch((error: NodeJS.ErrnoException) => {
    throw new AppError(
      "bad_request",
      `${file} cannot be written (${error.code}): name a new file.`,
      { cause: error },
    );
  });
  let documents = 0;
  try {
    await target.write(`${JSON.stringify({ onekey: 1, stamps: await stamps() })}\n`);
    for (const name of await names()) {
      let lines: string[] = [];
      for await (const document of (await database())
        .collection(name)
        .find({}, { batchSize: BATCH })) {
        lines.push(BSON.EJSON.stringify({ c: name, d: document }, { relaxed: false }));
        documents++;
        if (lines.length === BATCH) await target.write(`${lines.splice(0).join("\n")}\n`);
      }
      if (lines.length > 0) await target.write(`${lines.join("\n")}\n`);
    }
    await target.write(`${JSON.stringify({ documents })}\n`);
    await target.sync();
    await target.close();
  } catch (error) {
    await target.close();
    await rm(file, { force: true });
    throw error;
  }
  return documents;
}

/** Reads such a file into a database that holds nothing yet; returns how many documents it brought. */
export async function importDatabase(file: string): Promise<number> {
  const db = await database();
  for (const name of await names()) {
    if ((await db.collection(name).findOne({}, { projection: { _id: 1 } })) !== null)
      throw new AppError(
        "bad_request",
        `The database has documents in ${name}: import into an empty one.`,
      );
  }
  // Once through to see that it is whole, before anything is written.
  await read(file, () => Promise.resolve());
  const waiting = new Map<string, Record<string, unknown>[]>();
  const write = async (name: string) => {
    const batch = waiting.get(name) ?? [];
    waiting.delete(name);
    if (batch.length > 0) await db.collection(name).insertMany(batch);
  };
  const documents = await read(file, async (name, document) => {
    const batch = waiting.get(name) ?? [];
    batch.push(document);
    waiting.set(name, batch);
    if (batch.length === BATCH) await write(name);
  });
  for (const name of [...waiting.keys()]) await write(name);
  return documents;
}

async function read(
  file: string,
  take: (name: string, document: Record<string, unknown>) => Promise<void>,
): Promise<number> {
  const damaged = (why: string) =>
    new AppError("bad_request", `${file} ${why}: nothing was imported.`);
  const source = createReadStream(file);
  const lines = createInterface({ input: source, crlfDelay: Number.POSITIVE_INFINITY });
  let [first, documents, whole] = [true, 0, false];
  try {
    for await (const text of lines) {
      if (whole) throw damaged("goes on after its end");
      if (first) {
        first = false;
        const head = Head.safeParse(parse(text));
        if (!head.success) throw damaged("is not an export of OneKey");
        const own = await stamps();
        for (const [id, value] of Object.entries(head.data.stamps)) {
          if (own[id] !== value)
            throw damaged(
              id === "mode"
                ? `was made in ${value} mode`
                : "was made with another KEY_PEPPER, so no key in it would work",
            );
        }
        continue;
      }
      const value = parse(text);
      const line = Line.safeParse(value);
      if (line.success) {
        documents++;
        await take(line.data.c, line.data.d);
        continue;
      }
      const foot = Foot.safeParse(value);
      if (!foot.success) throw damaged(`is damaged at document ${documents + 1}`);
      if (foot.data.documents !== documents) throw damaged("does not hold all of its documents");
      whole = true;
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    throw code === undefined ? error : damaged(`cannot be read (${code})`);
  } finally {
    source.destroy();
  }
  if (!whole) throw damaged("is cut off");
  return documents;
}

function parse(text: string): unknown {
  try {
    return BSON.EJSON.parse(text);
  } catch {
    return null;
  }
}
