import type { EndpointName } from "@/lib/catalog/schema";
import { AppError } from "@/lib/errors";
import { defaultModel } from "@/lib/providers";
import { CARRIAGE_RETURN, LINE_FEED, MINUS } from "./ascii";
import { modelMissing } from "./model-missing";
import { emptyScan, type Scan } from "./schema";
import { nextTurn } from "./turns";

const PARTS_MAX = 100;
const HEAD_BYTES_MAX = 8_192;
const VALUE_BYTES_MAX = 512;
/** How much of a long file is searched for its end before other requests get a turn. */
const SEARCHED_BYTES = 1024 * 1024;
const PRICING = new Set([
  "model",
  "stream",
  "n",
  "size",
  "quality",
  "response_format",
  "service_tier",
  "resolution",
  "multichannel",
]);
/** `file_id` and similar names, also inside an image: image[0][file_id]. */
const STORED_ID = /(^|\[|_)file_?ids?\]?(\[\d*\])?$/i;

type FormPart = { name: string; isFile: boolean; type: string; start: number; end: number };

const bad = (message: string, param?: string) =>
  new AppError("bad_request", message, param === undefined ? {} : { param });
const malformedForm = (why: string) => bad(`The body is not valid multipart/form-data: ${why}.`);

/**
 * The fields of a form (RFC 7578) that route and price it; its files are counted by their bytes. Stricter than the RFC
 * where parsers differ, so that the provider cannot read another form than this one.
 */
export async function scanMultipart({
  body,
  contentType,
  endpoint,
}: {
  body: Buffer;
  contentType: string;
  endpoint: EndpointName;
}): Promise<Scan> {
  const scan = emptyScan(0);
  const fieldNames = new Set<string>();
  for await (const { name, isFile, type, start, end } of partsOf(body, boundaryOf(contentType))) {
    if (STORED_ID.test(name))
      throw bad(
        "A field of this form names a file stored at a provider, which is not supported. Send the file itself.",
        "file_id",
      );
    if (endpoint === "stt" && name === "url")
      throw bad(
        "The field url is not supported: the length of what the provider would fetch is unknown. Send the file itself.",
        name,
      );
    if (PRICING.has(name)) {
      if (isFile) throw bad(`The field ${name} must be a plain field, not a file.`, name);
      if (fieldNames.has(name))
        throw bad(
          `The field ${name} is given twice. It decides the route or the price: send it once.`,
          name,
        );
      fieldNames.add(name);
      if (end - start > VALUE_BYTES_MAX)
        throw bad(`The field ${name} must be at most ${VALUE_BYTES_MAX} bytes long.`, name);
      readField(scan, name, body.toString("utf8", start, end));
    }
    if (isFile) scan.media.push({ kind: kindOf(name, type), from: "inline", bytes: end - start });
    else scan.textBytes += end - start;
  }
  scan.model ||= defaultModel(endpoint) ?? "";
  if (scan.model === "") throw modelMissing(endpoint);
  return scan;
}

const kindOf = (name: string, type: string) =>
  type.startsWith("image/") || name.startsWith("image") || name.startsWith("mask")
    ? "image"
    : "audio";

function readField(scan: Scan, name: string, value: string): void {
  if (name === "model") scan.model = value;
  if (name === "resolution") scan.resolution = value;
  if (name === "multichannel" && value.toLowerCase() !== "false")
    throw bad(
      "The field multichannel is not supported: the provider does not state what it charges for each channel. Leave it out.",
      name,
    );
  if (name === "size") scan.size = value;
  if (name === "quality") scan.quality = value;
  if (name === "response_format") scan.responseFormat = value;
  if (name === "service_tier") scan.serviceTier = value;
  if (name === "stream") {
    if (!/^(true|false)$/i.test(value)) throw bad("The field stream must be true or false.", name);
    scan.stream = value.toLowerCase() === "true";
  }
  if (name === "n") {
    if (!/^[1-9]\d{0,2}$/.test(value) || Number(value) > 128)
      throw bad("The field n must be an integer from 1 to 128.", name);
    scan.choices = Number(value);
  }
}

function boundaryOf(contentType: string): string {
  const all = [...contentType.matchAll(/;\s*boundary\s*=\s*(?:"([^"\\]*)"|([^\s;",]*))/gi)];
  const mark = all[0]?.[1] ?? all[0]?.[2];
  if (
    all.length !== 1 ||
    mark === undefined ||
    !/^[\w'()+,./:=? -]{0,69}[\w'()+,./:=?-]$/.test(mark)
  )
    throw bad(
      "The content type must name one boundary of 1 to 70 characters: let the HTTP library set this header.",
    );
  return mark;
}

async function* partsOf(body: Buffer, boundary: string): AsyncGenerator<FormPart> {
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  const first = delimiter.subarray(2);
  if (body.compare(first, 0, first.length, 0, Math.min(first.length, body.length)) !== 0)
    throw malformedForm("it does not begin with the boundary that the content type names");
  let at = first.length;
  for (let count = 0; ; count++) {
    if (body[at] === MINUS && body[at + 1] === MINUS) {
      if (
        /[^\r\n\t ]/.test(body.toString("latin1", at + 2, at + 1_024)) ||
        body.length > at + 1_024
      )
        throw malformedForm("something follows its last boundary");
      return;
    }
    if (body[at] !== CARRIAGE_RETURN || body[at + 1] !== LINE_FEED)
      throw malformedForm("a boundary has no separate line");
    if (count >= PARTS_MAX) throw bad(`The form has more than ${PARTS_MAX} parts.`);
    const headEnd = body.subarray(0, at + HEAD_BYTES_MAX + 4).indexOf("\r\n\r\n", at);
    if (headEnd < 0) throw malformedForm("a part has no end of its headers");
    const end = await findInTurns({ body, needle: delimiter, from: headEnd + 2 });
    if (end < 0) throw malformedForm("its last boundary is missing");
    if (end < headEnd + 4) throw malformedForm("a boundary stands among a part's headers");
    yield { ...headOf(body.toString("utf8", at + 2, headEnd)), start: headEnd + 4, end };
    at = end + delimiter.length;
  }
}

/** `indexOf` over a body that may be long. */
async function findInTurns(input: { body: Buffer; needle: Buffer; from: number }): Promise<number> {
  const { body, needle } = input;
  for (let from = input.from; from < body.length; from += SEARCHED_BYTES) {
    if (from > input.from) await nextTurn();
    const at = body.subarray(0, from + SEARCHED_BYTES + needle.length - 1).indexOf(needle, from);
    if (at >= 0) return at;
  }
  return -1;
}

const PARAMETER = /\s*;\s*([\w-]+\*?)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/gy;

function headOf(head: string): Pick<FormPart, "name" | "isFile" | "type"> {
  const headers = new Map<string, string>();
  for (const line of head.split("\r\n")) {
    const [, name, value] = /^([\w-]+)[ \t]*:[ \t]*([^\r\n]*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined)
      throw malformedForm("a part's header is not one line");
    if (headers.has(name.toLowerCase())) throw malformedForm("a part's header is given twice");
    headers.set(name.toLowerCase(), value);
  }
  const disposition = headers.get("content-disposition") ?? "";
  const start = /^form-data(?=\s*;)/i.exec(disposition);
  if (!start) throw malformedForm("a part is not form-data");
  const text = disposition.slice(start[0].length);
  const parameters = new Map<string, string>();
  let end = 0;
  for (const match of text.matchAll(PARAMETER)) {
    const name = (match[1] ?? "").toLowerCase();
    if (parameters.has(name) || name === "name*") throw malformedForm("a part is named twice");
    parameters.set(name, match[2] ?? match[3] ?? "");
    end = match.index + match[0].length;
  }
  if (!/^\s*;?\s*$/.test(text.slice(end)))
    throw malformedForm("a part's disposition cannot be read");
  const name = parameters.get("name");
  if (name === undefined) throw malformedForm("a part has no name");
  const plain = unescape(name);
  if (plain !== name && (PRICING.has(plain) || STORED_ID.test(plain)))
    throw bad(`The name of a form field must be written without escapes.`);
  if (!/^(binary|8bit|7bit)$/i.test(headers.get("content-transfer-encoding") ?? "binary"))
    throw malformedForm("a part has a content-transfer-encoding");
  return {
    name,
    isFile: parameters.has("filename") || parameters.has("filename*"),
    type: (headers.get("content-type") ?? "").toLowerCase(),
  };
}

/** A name as a lenient parser might read it. */
const unescape = (name: string) =>
  name
    .replace(/\\(.)/g, "$1")
    .replace(/%([0-9a-f]{2})/gi, (_, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, 16)),
    )
    .trim();
