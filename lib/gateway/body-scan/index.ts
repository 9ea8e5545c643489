import type { EndpointName } from "@/lib/catalog/schema";
import { AppError } from "@/lib/errors";
import { decompress, type ScanBudget } from "./decompress";
import { newDraft } from "./draft";
import { modelMissing } from "./model-missing";
import { scanMultipart } from "./multipart";
import { ROOTS } from "./rules";
import { scanJson } from "./json";
import type { Scan } from "./schema";

export type { Scan } from "./schema";

type Input = {
  endpoint: EndpointName;
  body: Uint8Array;
  contentType?: string;
  contentEncoding?: string;
  /** Gemini: the model that the path names. */
  pathModel?: string;
  /** How long a body may be once it is decompressed. */
  bytesMax?: number;
  /** What keeps account of the decompressed copy, which is dropped when it has been scanned. */
  budget?: ScanBudget;
};

/** The default of BODY_BYTES_MAX. */
const BYTES_MAX = 32 * 1024 * 1024;

/** What OpenAI moderates with when the request names no model. */
const MODERATION_MODEL = "omni-moderation-latest";

/** Finds the fields that route and price a request; throws AppError for what cannot be priced or is not served. The bytes are left as they are. */
export async function scanBody({
  contentType = "",
  contentEncoding = "",
  bytesMax = BYTES_MAX,
  budget,
  ...input
}: Input): Promise<Scan> {
  const isForm = checkContentType(input.endpoint, contentType);
  const sent = Buffer.from(input.body.buffer, input.body.byteOffset, input.body.length);
  if (/^\s*(identity\s*)?$/i.test(contentEncoding))
    return scanPlain({ ...input, body: sent, contentType, isForm });
  const scan = (body: Buffer) => scanPlain({ ...input, body, contentType, isForm });
  return decompress({ body: sent, encoding: contentEncoding, bytesMax, budget, use: scan });
}

async function scanPlain({
  endpoint,
  body,
  contentType,
  isForm,
  ...input
}: Pick<Input, "endpoint" | "pathModel"> & {
  body: Buffer;
  contentType: string;
  isForm: boolean;
}): Promise<Scan> {
  if (body.length === 0)
    throw new AppError(
      "bad_request",
      `The request has no body: send ${isForm ? "a form" : "a JSON object"}.`,
    );
  if (isForm || endpoint === "audio.transcriptions") return scanMultipart({ body, contentType });
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf)
    throw new AppError(
      "bad_request",
      "The body begins with a byte order mark: send JSON as plain UTF-8 without one.",
    );

  const draft = newDraft({ textBytes: body.length, pathModel: input.pathModel });
  await scanJson({ body, place: ROOTS[endpoint], draft });
  if (!beginsWithObject(body))
    throw new AppError("bad_request", "The body must be a JSON object.", { param: "body" });
  const { scan } = draft;
  if (input.pathModel !== undefined) {
    scan.model = input.pathModel;
    scan.stream = endpoint === "gemini.streamGenerateContent";
    return scan;
  }
  const model = draft.model ?? (endpoint === "moderations" ? MODERATION_MODEL : undefined);
  if (model === undefined) throw modelMissing();
  scan.model = model;
  return scan;
}

const [SPACE, TAB, LINE_FEED, CARRIAGE_RETURN, OPENING_BRACE] = [32, 9, 10, 13, 123];

/** A list, a text or null names no model and no content, and a provider may still do something with it. */
function beginsWithObject(body: Buffer): boolean {
  const first = body.find(
    (byte) => byte !== SPACE && byte !== TAB && byte !== LINE_FEED && byte !== CARRIAGE_RETURN,
  );
  return first === OPENING_BRACE;
}

/** True for a form, false for JSON; throws for what the endpoint does not take. */
function checkContentType(endpoint: EndpointName, contentType: string): boolean {
  const takesForm = endpoint === "audio.transcriptions" || endpoint === "images.edits";
  const isForm = /^\s*multipart\/form-data\s*(;|$)/i.test(contentType);
  const isJson = /^\s*application\/([\w.-]+\+)?json\s*(;|$)/i.test(contentType);
  if (isForm ? takesForm : isJson && endpoint !== "audio.transcriptions") {
    const charset = /;\s*charset\s*=\s*"?([^\s";]*)/i.exec(contentType)?.[1];
    if (charset !== undefined && !/^(utf-?8|us-ascii)$/i.test(charset))
      throw new AppError(
        "unsupported_media",
        "The body must be UTF-8: leave the charset out of the content type.",
      );
    return isForm;
  }
  const wanted = endpoint === "audio.transcriptions" ? "multipart/form-data" : "application/json";
  const curl =
    wanted === "application/json" ? ` (with curl: -H "content-type: application/json")` : "";
  const or = endpoint === "images.edits" ? " or multipart/form-data" : "";
  throw new AppError(
    "unsupported_media",
    `Send this request with the content type ${wanted}${or}${curl}.`,
  );
}
