import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** A unix socket's path holds 107 bytes on Linux and 103 on macOS. */
const SOCKET_BYTES_MAX = 100;

/** The socket of a data directory: inside it, or in the system's temporary directory when that path is too long. */
export function socketPathOf(dir: string): string {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const real = realpathSync(dir);
  const inside = path.join(real, "mongodb.sock");
  if (Buffer.byteLength(inside) <= SOCKET_BYTES_MAX) return inside;
  const short = path.join(
    tmpdir(),
    `onekey-${createHash("sha256").update(real).digest("hex").slice(0, 24)}`,
  );
  mkdirSync(short, { recursive: true, mode: 0o700 });
  // Another user may have created the name in the shared directory.
  const { uid, mode } = lstatSync(short);
  if ((process.getuid && uid !== process.getuid()) || (mode & 0o077) !== 0)
    throw new Error(
      `The directory ${short} belongs to another user or is open to others. Delete it.`,
    );
  return path.join(short, "mongodb.sock");
}

/** The address by which the driver joins the server of a data directory. */
export function embeddedUri(dir: string): string {
  return uriOf(socketPathOf(dir));
}

export const uriOf = (socketPath: string) =>
  `mongodb://${encodeURIComponent(socketPath)}/?directConnection=true`;
