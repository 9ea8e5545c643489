import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { decompress } from "./decompress";

const MIB = 1024 * 1024;
const COMPRESS = {
  gzip: gzipSync,
  "x-gzip": gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
};
const encodings = Object.entries(COMPRESS);

/** Keeps account of what is taken and given back. */
function account({ max = Infinity } = {}) {
  const bytes = { taken: 0, kept: 0 };
  const budget = {
    take: (count: number) => {
      if (bytes.kept + count > max) throw new Error("full");
      bytes.taken += count;
      bytes.kept += count;
    },
    giveBack: (less: number) => void (bytes.kept -= less),
    inTurn: <T>(work: () => Promise<T>) => work(),
  };
  return { bytes, budget };
}

const run = (body: Buffer, encoding: string, bytesMax = 32 * MIB, budget = account().budget) =>
  decompress({ body, encoding, bytesMax, budget, use: async (copy) => Buffer.from(copy) });

test.each(encodings)("%s gives the bytes back, up to the limit exactly", async (encoding, pack) => {
  const text = Buffer.from("a prompt of some words. ".repeat(20_000));
  const { bytes, budget } = account();
  const copy = await run(pack(text), ` ${encoding.toUpperCase()} `, text.length, budget);
  expect(copy.equals(text)).toBe(true);
  expect(bytes).toEqual({ taken: text.length, kept: 0 });
  await expect(run(pack(text), encoding, text.length - 1)).rejects.toMatchObject({
    code: "too_large",
    message: expect.stringContaining("when decompressed"),
  });
  expect(await run(pack(Buffer.alloc(0)), encoding)).toHaveLength(0);
});

test.each(encodings)("a bomb of %s stops after 1 MiB", async (encoding, pack) => {
  const { bytes, budget } = account();
  const bomb = pack(Buffer.alloc(31 * MIB, " "));
  const slack = Math.max(MIB, bomb.length * 100);
  await expect(run(bomb, encoding, 32 * MIB, budget)).rejects.toMatchObject({
    code: "too_large",
    message: expect.stringContaining("more than 100 times its length"),
  });
  expect(bytes.taken).toBeLessThanOrEqual(slack);
  expect(bytes.kept).toBe(0);
});

test.each(encodings)("%s that ends early or is something else is a 400", async (encoding, pack) => {
  const compressedBody = pack(Buffer.from("a prompt of some words. ".repeat(200)));
  for (const body of [
    compressedBody.subarray(0, -10),
    Buffer.from("not compressed"),
    Buffer.alloc(0),
  ])
    await expect(run(body, encoding)).rejects.toMatchObject({ code: "bad_request" });
});

test.each(["zstd", "gzip, br", "gzip, gzip", "br, identity", "compress", "deflate, gzip, br"])(
  "%s is not supported, and nothing is decompressed",
  async (encoding) => {
    const { bytes, budget } = account();
    await expect(
      run(gzipSync(gzipSync(Buffer.alloc(MIB))), encoding, 32 * MIB, budget),
    ).rejects.toMatchObject({ code: "unsupported_media" });
    expect(bytes.taken).toBe(0);
  },
);

test("a full budget stops the work, and what was taken is given back", async () => {
  const { bytes, budget } = account({ max: 100_000 });
  const body = gzipSync(Buffer.from("a prompt of some words. ".repeat(20_000)));
  await expect(run(body, "gzip", 32 * MIB, budget)).rejects.toThrow("full");
  expect(bytes.kept).toBe(0);
});
