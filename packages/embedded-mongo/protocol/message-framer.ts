/** Of the wire protocol: mongodb.com/docs/manual/reference/mongodb-wire-protocol */
export const HEADER_BYTES = 16;
export const MESSAGE_BYTES_MAX = 48_000_000;

/**
 * Cuts the bytes that a socket brings into whole messages and hands each to `take`. Gives what reads a piece: false when it can
 * be no message, so that the socket is of no more use. Throws what `take` throws.
 */
export function createFramer(take: (message: Buffer) => void): (piece: Buffer) => boolean {
  let pieces: Buffer[] = [];
  let bytes = 0;
  let needed = HEADER_BYTES;
  return (piece) => {
    pieces.push(piece);
    bytes += piece.length;
    while (bytes >= needed) {
      const all = pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
      pieces = [all];
      const size = all.readInt32LE(0);
      if (size < HEADER_BYTES || size > MESSAGE_BYTES_MAX) return false;
      if (bytes < size) {
        needed = size;
        return true;
      }
      take(all.subarray(0, size));
      pieces = size < all.length ? [all.subarray(size)] : [];
      bytes -= size;
      needed = HEADER_BYTES;
    }
    return true;
  };
}
