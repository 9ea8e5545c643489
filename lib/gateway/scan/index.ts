import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import type { EndpointName } from "@/lib/catalog/schema";
import { AppError } from "@/lib/errors";
import { walkJson, type Path, type Raw } from "./json";
import { scanMultipart } from "./multipart";
import { fieldsOf, isFreeForm, mediumAt, refuseStored, refuseValue } from "./rules";
import { emptyScan, type Scan } from "./schema";

export type { Scan } from "./schema";

type Input = {
  endpoint: EndpointName;
  body: Buffer;
  contentType?: string;
  contentEncoding?: string;
  pathModel?: string;
};

const DECOMPRESSED_MAX = 32 * 1024 * 1024;
const LIMIT_MAX = 10_000_000;

/** Finds the fields that route and price a request; throws AppError for what cannot be priced or is not served. The bytes are left as they are. */
export async function scanBody(input: Input): Promise<Scan> {
  const { endpoint, contentType = "", contentEncoding = "", pathModel } = input;
  const body = await decompress(input.body, contentEncoding.trim().toLowerCase());
  if (/^multipart\/form-data\s*;/i.test(contentType)) {
    if (endpoint !== "images.edits" && endpoint !== "audio.transcriptions") throw wrongType("application/json");
    return scanMultipart({ body, contentType });
  }
  if (endpoint === "audio.transcriptions") throw wrongType("multipart/form-data");
  if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(contentType)) throw wrongType("application/json");
  return scanJsonBody({ endpoint, body, ...(pathModel === undefined ? {} : { pathModel }) });
}

const wrongType = (wanted: string) =>
  new AppError("unsupported_media", `Send this request with the content type ${wanted}.`);

async function decompress(body: Buffer, encoding: string): Promise<Buffer> {
  if (encoding === "" || encoding === "identity") return body;
  const work = { gzip: gunzip, "x-gzip": gunzip, deflate: inflate, br: brotliDecompress }[encoding];
  if (!work)
    throw new AppError("unsupported_media", "This content encoding is not served: use gzip, deflate, br or none.");
  try {
    return await promisify<Buffer, object, Buffer>(work)(body, { maxOutputLength: DECOMPRESSED_MAX });
  } catch (error) {
    if (
      error instanceof RangeError ||
      (error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE")
    ) {
      throw new AppError("too_large", "The request body is over 32 MiB when decompressed.", { cause: error });
    }
    throw new AppError("bad_request", "The body is not what its content encoding says.", { cause: error });
  }
}

function scanJsonBody({
  endpoint,
  body,
  pathModel,
}: {
  endpoint: EndpointName;
  body: Buffer;
  pathModel?: string;
}): Scan {
  const fields = fieldsOf(endpoint);
  const scan = emptyScan(body.length);
  const given = new Set<string>();
  const types = new Map<string, { type?: string; id?: string }>();
  let model: string | undefined;

  const pricing = (path: Path) => {
    if (path.length > 2) return undefined;
    const joined = path.join(".");
    return Object.hasOwn(fields, joined) ? fields[joined] : undefined;
  };

  const take = (path: Path, raw: Raw): void => {
    const field = pricing(path);
    if (!field) return;
    const name = path.join(".");
    const fail = (wanted: string): never => {
      throw new AppError("bad_request", `The field ${name} must be ${wanted}.`, { param: name });
    };
    if (raw.type === "null" && field !== "model") return;
    const plainText = (): string => {
      if (raw.type !== "string") return fail("a string");
      if (raw.escaped) return fail("written plainly, without escapes: it decides the route or the price");
      if (raw.end - raw.start > 512) return fail("at most 512 bytes long");
      return raw.text();
    };
    const flag = (): boolean => (raw.type === "true" ? true : raw.type === "false" ? false : fail("true or false"));
    const whole = (least: number): number => {
      const value = raw.type === "number" ? Number(raw.text()) : Number.NaN;
      return Number.isInteger(value) && value >= least && value <= LIMIT_MAX
        ? value
        : fail(`a whole number from ${least} to ${LIMIT_MAX}`);
    };
    switch (field) {
      case "model":
        model = plainText();
        return;
      case "stream":
        scan.stream = flag();
        return;
      case "limit":
        scan.outputLimit = Math.max(scan.outputLimit ?? 0, whole(0));
        return;
      case "choices":
        scan.choices = whole(1);
        return;
      case "serviceTier":
        scan.serviceTier = plainText();
        return;
      case "speed":
        scan.speed = plainText();
        return;
      case "inferenceGeo":
        scan.inferenceGeo = plainText();
        return;
      case "includeUsage":
        scan.includeUsage = flag();
        return;
      case "speechInput":
        scan.characters = raw.type === "string" ? [...raw.text()].length : fail("a string");
        return;
      case "store":
        scan.store = flag();
        return;
      case "previous":
        scan.previousResponseId = plainText();
        return;
      case "size":
        scan.size = plainText();
        return;
      case "quality":
        scan.quality = plainText();
        return;
      default:
        field satisfies never;
    }
  };

  /** Notes `type` and `id` of an input item or tool; a reference is the two together. */
  const note = (path: Path, raw: Raw) => {
    const name = path.at(-1);
    if (raw.type !== "string" || (name !== "type" && name !== "id") || raw.end - raw.start > 512) return;
    const isItem = path.length === 3 && path[0] === "input";
    const isTool = path.length === 3 && path[0] === "tools" && name === "type";
    if (isTool) scan.tools.push(raw.text());
    if (!isItem) return;
    const key = String(path[1]);
    types.set(key, { ...types.get(key), [name]: raw.text() });
  };

  walkJson(body, {
    key: (path, escaped) => {
      if (isFreeForm(endpoint, path)) return "skip";
      refuseStored(path);
      const field = pricing(path);
      if (field) {
        const name = path.join(".");
        if (escaped)
          throw new AppError(
            "bad_request",
            `The field ${name} must be written plainly, without escapes: it decides the route or the price.`,
            { param: name },
          );
        if (given.has(name))
          throw new AppError(
            "bad_request",
            `The field ${name} is given twice: it decides the route or the price, so send it once.`,
            { param: name },
          );
        given.add(name);
      }
      if (path.length === 3 && path[0] === "tools" && endpoint.startsWith("gemini.")) scan.tools.push(String(path[2]));
      if (path.length === 1 && path[0] === "search_parameters") scan.tools.push("live_search");
      return undefined;
    },
    open: (path) => {
      const field = pricing(path);
      if (field && field !== "speechInput")
        throw new AppError("bad_request", `The field ${path.join(".")} has the wrong type.`, { param: path.join(".") });
    },
    value: (path, raw) => {
      refuseValue(path, raw);
      take(path, raw);
      note(path, raw);
      const medium = mediumAt(path, raw, body);
      if (!medium) return;
      scan.media.push(medium);
      if (medium.from === "inline") scan.textBytes -= raw.end - raw.start;
    },
  });

  // An item with no type but an id is a reference too, as the official clients write it.
  scan.itemReferences = [...types.values()].flatMap(({ type, id }) =>
    id !== undefined && (type === "item_reference" || type === undefined) ? [id] : [],
  );
  if (pathModel !== undefined) {
    if (model !== undefined && model.replace(/^models\//, "") !== pathModel)
      throw new AppError("bad_request", "The model in the body is not the one in the path.", { param: "model" });
    scan.model = pathModel;
    scan.stream = endpoint === "gemini.streamGenerateContent";
    return scan;
  }
  if (model === undefined || model === "")
    throw new AppError(
      "bad_request",
      "The field model is missing: name a model, such as those that GET /v1/models lists.",
      { param: "model" },
    );
  scan.model = model;
  return scan;
}
