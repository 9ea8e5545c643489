import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  type BrotliDecompress,
  type Gunzip,
  type Inflate,
} from "node:zlib";

/** Decompresses a copy of a compressed response for the reader; a plain one passes through. */
export type Decoder = {
  push(bytes: Buffer): void;
  end(): void;
  /** True while unpacked bytes may still come. */
  pending(): boolean;
  /** Resolves when all that was pushed is decompressed, however the response stopped. */
  settled(): Promise<void>;
};

export function createDecoder({
  encoding,
  onBytes,
}: {
  encoding: string | undefined;
  onBytes(bytes: Buffer): void;
}): Decoder {
  const unpacker = unpackerOf(encoding);
  if (!unpacker)
    return {
      push: onBytes,
      end: () => undefined,
      pending: () => false,
      settled: async () => undefined,
    };
  let over = false;
  const completion = new Promise<void>((resolve) => {
    const stop = () => {
      over = true;
      resolve();
    };
    unpacker.on("data", (bytes: Buffer) => {
      try {
        onBytes(bytes);
      } catch {
        unpacker.destroy();
      }
    });
    for (const name of ["end", "error", "close"]) unpacker.on(name, stop);
  });
  const end = () => {
    if (!over && !unpacker.writableEnded) unpacker.end();
  };
  return {
    push: (bytes) => {
      if (!over && !unpacker.writableEnded) unpacker.write(bytes);
    },
    end,
    pending: () => !over,
    settled: async () => {
      end();
      await completion;
    },
  };
}

/** An unknown encoding is read as it stands: nothing is read in it. An interrupted response is decompressed as far as it goes. */
function unpackerOf(encoding: string | undefined): Gunzip | Inflate | BrotliDecompress | null {
  switch (encoding?.trim().toLowerCase()) {
    case "gzip":
    case "x-gzip":
      return createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
    case "deflate":
      return createInflate({ finishFlush: constants.Z_SYNC_FLUSH });
    case "br":
      return createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH });
    default:
      return null;
  }
}
