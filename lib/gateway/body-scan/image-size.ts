/** The width and height in pixels that an image file states. */
export type ImageSize = { width: number; height: number };

/** How much of a JPEG is searched for its size: the metadata that cameras put before it is shorter. */
const JPEG_CHARACTERS = 96 * 1024;
const JPEG_SIZE = new Set([
  0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf,
]);
const [JPEG_SCAN, JPEG_END] = [0xda, 0xd9];

/**
 * Reads the size of an image from the beginning of its base64; `head` returns its first characters. Null where it is not
 * stated, as in a GIF, whose frames may be larger than it says.
 */
export function readImageSize(head: (characters: number) => string): ImageSize | null {
  const start = Buffer.from(head(64), "base64");
  if (start.length < 32) return null;
  if (start.readUInt32BE(0) === 0x89504e47)
    return { width: start.readUInt32BE(16), height: start.readUInt32BE(20) };
  if (start.toString("latin1", 0, 4) === "RIFF" && start.toString("latin1", 8, 12) === "WEBP")
    return sizeOfWebp(start);
  return start.readUInt16BE(0) === 0xffd8
    ? sizeOfJpeg(Buffer.from(head(JPEG_CHARACTERS), "base64"))
    : null;
}

function sizeOfWebp(head: Buffer): ImageSize | null {
  switch (head.toString("latin1", 12, 16)) {
    case "VP8 ":
      return { width: head.readUInt16LE(26) & 0x3fff, height: head.readUInt16LE(28) & 0x3fff };
    case "VP8L": {
      const bits = head.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case "VP8X":
      return { width: head.readUIntLE(24, 3) + 1, height: head.readUIntLE(27, 3) + 1 };
    default:
      return null;
  }
}

/** The largest of the sizes before the image data; null where the head ends before the data. */
function sizeOfJpeg(head: Buffer): ImageSize | null {
  const size = { width: 0, height: 0 };
  for (let at = 2; at + 9 <= head.length;) {
    if (head[at] !== 0xff) return null;
    const marker = head[at + 1] ?? 0;
    if (marker === JPEG_SCAN || marker === JPEG_END) return size;
    if (marker === 0xff) at++;
    else {
      if (JPEG_SIZE.has(marker)) {
        size.height = Math.max(size.height, head.readUInt16BE(at + 5));
        size.width = Math.max(size.width, head.readUInt16BE(at + 7));
      }
      at += 2 + head.readUInt16BE(at + 2);
    }
  }
  return null;
}
