import { AppError } from "@/lib/errors";
import { emptyScan, type Scan } from "./schema";

const PARTS_MAX = 100;
const PRICING = new Set(["model", "stream", "n", "size", "quality"]);
const STORED = new Set(["file_id", "file_ids", "image_id"]);

type Part = { name: string; file: boolean; type: string; start: number; end: number };

/** The fields of a multipart/form-data body (RFC 7578) that route and price it; files are counted by their bytes. */
export function scanMultipart({ body, contentType }: { body: Buffer; contentType: string }): Scan {
  const boundary = /;\s*boundary=(?:"([^"]{1,200})"|([^\s;]{1,200}))/i.exec(contentType);
  const mark = boundary?.[1] ?? boundary?.[2];
  if (!mark) throw new AppError("bad_request", "The content type names no boundary.");
  const scan = emptyScan(0);
  const given = new Set<string>();
  for (const part of partsOf(body, mark)) {
    const { name, file, start, end } = part;
    if (STORED.has(name))
      throw new AppError("bad_request", `The field ${name} is not served: send the file itself.`, { param: name });
    if (file) {
      scan.media.push({
        kind: part.type.startsWith("image") || name.startsWith("image") || name === "mask" ? "image" : "audio",
        from: "inline",
        bytes: end - start,
      });
      continue;
    }
    scan.textBytes += end - start;
    if (!PRICING.has(name)) continue;
    if (given.has(name))
      throw new AppError(
        "bad_request",
        `The field ${name} is given twice: it decides the route or the price, so send it once.`,
        { param: name },
      );
    given.add(name);
    take(scan, name, body.toString("utf8", start, Math.min(end, start + 512)));
  }
  if (scan.model === "")
    throw new AppError(
      "bad_request",
      "The field model is missing: name a model, such as those that GET /v1/models lists.",
      { param: "model" },
    );
  return scan;
}

function take(scan: Scan, name: string, value: string): void {
  if (name === "model") scan.model = value;
  if (name === "size") scan.size = value;
  if (name === "quality") scan.quality = value;
  if (name === "stream") {
    if (!/^(true|false)$/i.test(value))
      throw new AppError("bad_request", "The field stream must be true or false.", { param: name });
    scan.stream = value.toLowerCase() === "true";
  }
  if (name === "n") {
    if (!/^[1-9]\d{0,2}$/.test(value))
      throw new AppError("bad_request", "The field n must be a whole number from 1.", { param: name });
    scan.choices = Number(value);
  }
}

function* partsOf(body: Buffer, mark: string): Generator<Part> {
  const malformed = () => new AppError("bad_request", "The body is not valid multipart/form-data.");
  const delimiter = Buffer.from(`--${mark}`);
  let at = body.indexOf(delimiter);
  if (at < 0) throw malformed();
  for (let count = 0; ; count++) {
    at += delimiter.length;
    if (body[at] === 45 && body[at + 1] === 45) return;
    if (body[at] !== 13 || body[at + 1] !== 10) throw malformed();
    if (count >= PARTS_MAX) throw new AppError("bad_request", `The body has more than ${PARTS_MAX} parts.`);
    const headEnd = body.indexOf("\r\n\r\n", at);
    const next = body.indexOf(`\r\n--${mark}`, Math.max(headEnd, at));
    if (headEnd < 0 || next < 0 || headEnd - at > 8_192) throw malformed();
    const head = body.toString("utf8", at, headEnd);
    const disposition = /^content-disposition:\s*form-data\s*;(.*)$/im.exec(head)?.[1] ?? "";
    const name = /(?:^|;)\s*name=(?:"([^"]*)"|([^\s;]+))/i.exec(disposition);
    if (!name) throw malformed();
    const type = /^content-type:\s*(\S+)/im.exec(head)?.[1] ?? "";
    yield {
      name: name[1] ?? name[2] ?? "",
      file: /(?:^|;)\s*filename\*?=/i.test(disposition),
      type: type.toLowerCase(),
      start: headEnd + 4,
      end: next,
    };
    at = next + 2;
  }
}
