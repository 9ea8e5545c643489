/** Limits of the wire protocol: mongodb.com/docs/manual/reference/mongodb-wire-protocol */
export const HEADER_BYTES = 16;
export const MESSAGE_BYTES_MAX = 48_000_000;

/**
 * Cuts the bytes of a socket into complete messages and passes each to `take`. Returns a function that reads a piece; it returns
 * false when the bytes cannot be a message, after which the socket is useless. Throws what `take` throws.
 */
export function createFramer(take: (message: Buffer) => void): (piece: Buffer) => boolean {
  let pieces: Buffer[] = [];
  let bytes = 0;
  let neededBytes = HEADER_BYTES;
  return (piece) => {
    pieces.push(piece);
    bytes += piece.length;
    while (bytes >= neededBytes) {
      const all = pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
      pieces = [all];
      const size = all.readInt32LE(0);
      if (size < HEADER_BYTES || size > MESSAGE_BYTES_MAX) return false;
      if (bytes < size) {
        neededBytes = size;
        return true;
      }
      take(all.subarray(0, size));
      pieces = size < all.length ? [all.subarray(size)] : [];
      bytes -= size;
      neededBytes = HEADER_BYTES;
    }
    return true;
  };
}
