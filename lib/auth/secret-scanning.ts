import { createHash, verify } from "node:crypto";
import { z } from "zod";
import { env } from "@/lib/env";
import { digestOf, isWellFormedKey, isWellFormedManagementKey } from "@/lib/ids";
import { errorName, log } from "@/lib/log";
import { revokeLeakedKey, revokeLeakedManagementKey } from "./leaked-key";
import { findScanningKey } from "./scanning-keys";

const BODY_BYTES_MAX = 1_048_576;

const Match = z.object({ token: z.string(), type: z.string(), url: z.string().nullish() });
const Matches = z.array(Match).max(1_000);

/**
 * What GitHub's secret scanning calls when it sees keys of ours in public: each that works is revoked and its owner notified.
 * The body is trusted only after its signature, ECDSA P-256 with SHA-256 over the bytes as they came, was verified with the
 * public key that GitHub publishes under the identifier in the request.
 * https://docs.github.com/en/code-security/secret-scanning/secret-scanning-partner-program
 */
export async function handleSecretScanning(request: Request): Promise<Response> {
  const { secretScanningKeysUrl } = env();
  if (secretScanningKeysUrl === null)
    return failure(404, "Secret scanning is not set up on this server.");
  const body = await readBody(request);
  if (body === null) return failure(413, "A report is at most 1 MiB.");
  const identifier = request.headers.get("github-public-key-identifier") ?? "";
  const signature = request.headers.get("github-public-key-signature") ?? "";
  if (identifier === "" || signature === "")
    return failure(401, "The report is not signed. Sign it as GitHub does.");
  try {
    const publicKey = await findScanningKey({ url: secretScanningKeysUrl, identifier });
    if (publicKey === null || !isSignedBy({ publicKey, body, signature }))
      return failure(401, "The signature does not fit the body.");
  } catch (error) {
    log.error("secret_scanning.keys_failed", { error: errorName(error) });
    return failure(503, "GitHub's public keys could not be read. Send the report again.");
  }
  const matchResult = Matches.safeParse(parseJson(body));
  if (!matchResult.success) return failure(400, "The body is not a list of matches.");
  const labels = [];
  for (const match of matchResult.data) labels.push(await labelOf(match));
  return Response.json(labels, { headers: { "cache-control": "no-store" } });
}

/** Revokes the key of a match; says whether it was one of ours. The token itself is not repeated. */
async function labelOf({ token, type, url }: z.infer<typeof Match>) {
  const leak = { digest: digestOf(token, env().keyPepper), url: url ?? null };
  const isOurs =
    (isWellFormedKey(token) && (await revokeLeakedKey(leak))) ||
    (isWellFormedManagementKey(token) && (await revokeLeakedManagementKey(leak)));
  return {
    token_hash: createHash("sha256").update(token).digest("base64"),
    token_type: type,
    label: isOurs ? "true_positive" : "false_positive",
  };
}

function isSignedBy(input: { publicKey: string; body: Buffer; signature: string }): boolean {
  const { publicKey, body, signature } = input;
  try {
    return verify(
      "sha256",
      body,
      { key: publicKey, dsaEncoding: "der" },
      Buffer.from(signature, "base64"),
    );
  } catch {
    return false;
  }
}

/** The bytes as they came; null when there are too many. */
async function readBody(request: Request): Promise<Buffer | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.length;
    if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
  }
  return bytes > BODY_BYTES_MAX ? null : Buffer.concat(chunks);
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
}

const failure = (status: number, message: string) =>
  Response.json({ error: { message } }, { status, headers: { "cache-control": "no-store" } });
