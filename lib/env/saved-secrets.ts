import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { EnvError } from "./env-error";

interface SavedSecrets {
  keyPepper: string;
  nextauthSecret: string;
}

const SavedSecrets = z.object({
  keyPepper: z.string().min(32),
  nextauthSecret: z.string().min(32),
});

/**
 * The secrets that `secrets.json` in the data directory holds, created there once. Written to a temporary file and linked into place, so that of
 * several processes starting together one decides.
 */
export function savedSecrets(dataDir: string): SavedSecrets {
  const file = path.join(dataDir, "secrets.json");
  const read = () => SavedSecrets.parse(JSON.parse(readFileSync(file, "utf8")));
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT")
      throw new EnvError([
        `${file} is damaged: restore it. Without it, no key that was issued works.`,
      ]);
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  const fresh = () => randomBytes(32).toString("base64url");
  writeFileSync(draft, `${JSON.stringify({ keyPepper: fresh(), nextauthSecret: fresh() })}\n`, {
    mode: 0o600,
    flag: "wx",
  });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return read();
}
