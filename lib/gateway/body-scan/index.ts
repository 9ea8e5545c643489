import type { EndpointName } from "@/lib/catalog/schema";
import { AppError } from "@/lib/errors";
import { defaultModel } from "@/lib/providers";
import { isSpace, OPENING_BRACE } from "./ascii";
import { decompress, type ScanBudget } from "./decompress";
import { newDraft } from "./draft";
import { modelMissing } from "./model-missing";
import { scanMultipart } from "./multipart";
import { ROOTS, type FormEndpoint } from "./rules";
import { scanJson } from "./json";
import type { Scan } from "./schema";

export type { Scan } from "./schema";

type ScanInput = {
  endpoint: EndpointName;
  body: Uint8Array;
  contentType?: string;
  contentEncoding?: string;
  /** Gemini: the model that the path names. */
  pathModel?: string | undefined;
  /** How long a body may be once it is decompressed. */
  bytesMax?: number;
  /** The budget that the decompressed copy counts in, until it has been scanned. */
  budget?: ScanBudget;
};

/** The default of BODY_BYTES_MAX. */
const BYTES_MAX = 32 * 1024 * 1024;

/** Endpoints whose body is a form, always or where the client sends one. */
const FORMS: Partial<Record<EndpointName, "always" | "also">> = {
  "audio.transcriptions": "always",
  "audio.translations": "always",
  stt: "always",
  "images.edits": "also",
};

/** Reads the fields that route and price a request. Throws AppError for what cannot be priced or is not supported. The body is not changed. */
export async function scanBody({
  endpoint,
  body,
  contentType = "",
  contentEncoding = "",
  pathModel,
  bytesMax = BYTES_MAX,
  budget,
}: ScanInput): Promise<Scan> {
  const isForm = checkContentType(endpoint, contentType);
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
  const scan = (plainBody: Buffer) =>
    scanPlain({ endpoint, body: plainBody, contentType, isForm, pathModel });
  if (/^\s*(identity\s*)?$/i.test(contentEncoding)) return scan(bytes);
  return decompress({ body: bytes, encoding: contentEncoding, bytesMax, budget, use: scan });
}

async function scanPlain({
  endpoint,
  body,
  contentType,
  isForm,
  pathModel,
}: {
  endpoint: EndpointName;
  body: Buffer;
  contentType: string;
  isForm: boolean;
  pathModel: string | undefined;
}): Promise<Scan> {
  if (body.length === 0)
    throw new AppError(
      "bad_request",
      `The request has no body. Send ${isForm ? "a form" : "a JSON object"}.`,
    );
  if (isForm || isFormEndpoint(endpoint)) return scanMultipart({ body, contentType, endpoint });
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf)
    throw new AppError(
      "bad_request",
      "The body begins with a byte order mark. Send JSON as plain UTF-8 without one.",
    );

  const draft = newDraft({ textBytes: body.length, pathModel });
  await scanJson({ body, rule: ROOTS[endpoint], draft });
  if (!beginsWithObject(body))
    throw new AppError("bad_request", "The body must be a JSON object.", { param: "body" });
  const { scan } = draft;
  if (pathModel !== undefined) {
    scan.model = pathModel;
    scan.stream = endpoint === "gemini.streamGenerateContent";
    return scan;
  }
  const model = draft.model ?? defaultModel(endpoint);
  if (model === null) throw modelMissing(endpoint);
  scan.model = model;
  return scan;
}

const isFormEndpoint = (endpoint: EndpointName): endpoint is FormEndpoint =>
  FORMS[endpoint] === "always";

/** A list, a text or null is rejected: it names no model and no content, and a provider may still accept it. */
function beginsWithObject(body: Buffer): boolean {
  const first = body.find((byte) => !isSpace(byte));
  return first === OPENING_BRACE;
}

/** True for a form, false for JSON. Throws unsupported_media for what the endpoint does not accept. */
function checkContentType(endpoint: EndpointName, contentType: string): boolean {
  const form = FORMS[endpoint];
  const isForm = /^\s*multipart\/form-data\s*(;|$)/i.test(contentType);
  const isJson = /^\s*application\/([\w.-]+\+)?json\s*(;|$)/i.test(contentType);
  if (isForm ? form !== undefined : isJson && form !== "always") {
    const charset = /;\s*charset\s*=\s*"?([^\s";]*)/i.exec(contentType)?.[1];
    if (charset !== undefined && !/^(utf-?8|us-ascii)$/i.test(charset))
      throw new AppError(
        "unsupported_media",
        "The body must be UTF-8. Leave the charset out of the content type.",
      );
    return isForm;
  }
  const mediaType = form === "always" ? "multipart/form-data" : "application/json";
  const curl =
    mediaType === "application/json" ? ` (with curl: -H "content-type: application/json")` : "";
  const or = form === "also" ? " or multipart/form-data" : "";
  throw new AppError(
    "unsupported_media",
    `Send this request with the content type ${mediaType}${or}${curl}.`,
  );
}
