import { AppError } from "@/lib/errors";

const BODY_BYTES_MAX = 65_536;

/** The JSON object of a request, and its text; an empty body is an empty object. Throws too_large and bad_request. */
export async function readJsonBody(
  request: Request,
): Promise<{ value: Record<string, unknown>; text: string }> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.length;
    if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
  }
  if (bytes > BODY_BYTES_MAX) throw new AppError("too_large", "A body is at most 64 KiB.");
  const text = Buffer.concat(chunks).toString("utf8");
  if (text.trim() === "") return { value: {}, text };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return { value: value as Record<string, unknown>, text };
  } catch {
    // Reported below.
  }
  throw new AppError("bad_request", "The body is not a JSON object.");
}
