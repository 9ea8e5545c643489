import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import type { Transform } from "node:stream";
import { AppError } from "@/lib/errors";

/** The budget of decompressed bytes: `take` throws when it is full. */
export type ScanBudget = {
  take(bytes: number): void;
  giveBack(bytes: number): void;
  /** Runs one account's work one at a time. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
};

type CreateUnpacker = (options: { chunkSize: number }) => Transform;
const UNPACKERS = new Map<string, CreateUnpacker>([
  ["gzip", createGunzip],
  ["x-gzip", createGunzip],
  ["deflate", createInflate],
  ["br", createBrotliDecompress],
]);

/** Each chunk is one step off the event loop, after which the limits are checked. */
const CHUNK_BYTES = 64 * 1024;
/** Text and base64 stay far below it; a body above it was made to exhaust memory. */
const RATIO_MAX = 100;
/** What any body may decompress to, however short it is. */
const SMALL_BYTES = 1024 * 1024;

/**
 * Gives `use` a decompressed copy of a body, which is dropped afterwards; the body is forwarded unchanged. Throws too_large
 * above `bytesMax` or 100 times the body's own length, bad_request for a body that is not what its encoding says, and
 * unsupported_media for any encoding but one of gzip, deflate and br.
 */
export async function decompress<T>({
  body,
  encoding,
  bytesMax,
  budget = UNLIMITED,
  use,
}: {
  body: Buffer;
  encoding: string;
  bytesMax: number;
  budget?: ScanBudget | undefined;
  use: (decompressed: Buffer) => Promise<T>;
}): Promise<T> {
  const name = encoding.trim().toLowerCase();
  const create = UNPACKERS.get(name);
  if (!create)
    throw new AppError(
      "unsupported_media",
      "This content encoding is not supported. Use one of gzip, deflate and br, or none.",
    );
  return budget.inTurn(async () => {
    let takenBytes = 0;
    const take = (bytes: number) => {
      budget.take(bytes);
      takenBytes += bytes;
    };
    try {
      return await use(await unpack({ body, name, create, bytesMax, take }));
    } finally {
      budget.giveBack(takenBytes);
    }
  });
}

const UNLIMITED: ScanBudget = { take: () => {}, giveBack: () => {}, inTurn: (work) => work() };

function unpack(input: {
  body: Buffer;
  name: string;
  create: CreateUnpacker;
  bytesMax: number;
  take(bytes: number): void;
}): Promise<Buffer> {
  const { body, name, create, bytesMax, take } = input;
  const bytesByRatio = Math.max(SMALL_BYTES, body.length * RATIO_MAX);
  return new Promise((resolve, reject) => {
    // The operating system provides memory only for pages that are written.
    const output = Buffer.allocUnsafeSlow(Math.min(bytesMax, bytesByRatio));
    let bytes = 0;
    const unpacker = create({ chunkSize: CHUNK_BYTES });
    const fail = (error: unknown) => {
      unpacker.destroy();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    unpacker.on("data", (chunk: Buffer) => {
      if (unpacker.destroyed) return;
      if (bytes + chunk.length > output.length)
        return fail(bytesMax <= bytesByRatio ? overLimit(bytesMax) : overRatio());
      try {
        take(chunk.length);
      } catch (error) {
        return fail(error);
      }
      chunk.copy(output, bytes);
      bytes += chunk.length;
    });
    unpacker.on("end", () => resolve(output.subarray(0, bytes)));
    unpacker.on("error", (cause) =>
      fail(
        new AppError(
          "bad_request",
          `The body is not ${name}, which its content encoding says it is.`,
          { cause },
        ),
      ),
    );
    unpacker.end(body);
  });
}

const overLimit = (bytesMax: number) =>
  new AppError(
    "too_large",
    `The request body is over ${Math.floor(bytesMax / 1024 / 1024)} MiB when decompressed.`,
  );

const overRatio = () =>
  new AppError(
    "too_large",
    `The request body decompresses to more than ${RATIO_MAX} times its length. Send it without a content encoding.`,
  );
