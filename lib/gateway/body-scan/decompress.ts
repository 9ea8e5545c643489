import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import { AppError } from "@/lib/errors";

const DECOMPRESSED_MAX = 32 * 1024 * 1024;
const WAYS = new Map([
  ["gzip", gunzip],
  ["x-gzip", gunzip],
  ["deflate", inflate],
  ["br", brotliDecompress],
]);

/** A copy to scan of a body that came compressed; the body itself is forwarded as it came. */
export async function decompress({
  body,
  encoding,
}: {
  body: Buffer;
  encoding: string;
}): Promise<Buffer> {
  const name = encoding.trim().toLowerCase();
  if (name === "" || name === "identity") return body;
  const way = WAYS.get(name);
  if (!way)
    throw new AppError(
      "unsupported_media",
      "This content encoding is not served: use gzip, deflate, br or none.",
    );
  try {
    return await promisify<Buffer, object, Buffer>(way)(body, {
      maxOutputLength: DECOMPRESSED_MAX,
    });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE")
      throw new AppError("too_large", "The request body is over 32 MiB when decompressed.", {
        cause: error,
      });
    throw new AppError(
      "bad_request",
      `The body is not ${name}, which its content encoding says it is.`,
      {
        cause: error,
      },
    );
  }
}
