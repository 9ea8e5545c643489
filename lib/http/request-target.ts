import { API_LOOKING } from "./api-path";

/** What the checks below look for; most request targets have none of it. */
const UNUSUAL = /[^\x21-\x7e]|[#\\%]|\/\.|\/\//;

/** Whether the gateway handles the path. Below a prefix of the API, it is an endpoint or a JSON error, never a page. */
export function isApiPath(path: string): boolean {
  return API_LOOKING.test(path);
}

/**
 * Why a request target cannot be served, in a sentence for the client; null when it can. Two programs must never read one
 * target differently: an edge rule for `/v1/` has to meet every request that reaches the gateway. So what RFC 3986 §6.2.2
 * lets a server normalize (dot segments, letters written as `%41`) is rejected and never repaired. Below an API path, dot
 * segments, empty segments and encoded slashes are left to the gateway: it matches the path as it was sent, and no endpoint
 * has one.
 */
export function findTargetProblem(target: string): string | null {
  if (!target.startsWith("/"))
    return "Absolute request targets are not supported: send a path that begins with a slash.";
  if (!UNUSUAL.test(target)) return null;
  if (/[^\x21-\x7e]|#/.test(target))
    return "The request target contains a character that must be percent-encoded.";
  const path = pathOf(target);
  if (/\\|%5c/i.test(path))
    return "The path contains a backslash. Separate its segments with slashes.";
  if (/%2e/i.test(path)) return "The path contains an encoded dot. Write dots as they are.";
  if (/%25(?:25|2e|2f|5c)/i.test(path)) return "The path is percent-encoded twice. Encode it once.";
  if (/%(?:[01][0-9a-f]|7f)/i.test(path)) return "The path contains a control character.";
  if (/%(?:3[0-9]|[46][1-9a-f]|[57][0-9a])/i.test(path))
    return "The path contains an encoded letter or digit. Write letters and digits as they are.";
  if (!isDecodable(path))
    return "The path contains a percent sign that encodes no UTF-8 character.";
  if (isApiPath(path)) return null;
  if (/(?:^|\/)\.\.?(?:\/|$)/.test(path.replace(/%2f/gi, "/")))
    return "The path contains a dot segment (. or ..). Send the path that it stands for.";
  if (/%2f/i.test(path)) return "The path contains an encoded slash.";
  return path.includes("//") ? "The path contains an empty segment (two slashes in a row)." : null;
}

/**
 * How a lenient parser would read the path of a target: decoded to the end, dot segments removed, slashes joined. Only for
 * choosing the form of an error: nothing is served under it.
 */
export function lenientPath(target: string): string {
  let path = pathOf(target.replace(/^[a-z]+:\/\/[^/]*/i, ""));
  for (let depth = 0; depth < 4 && path.includes("%"); depth++)
    path = path.replace(/%([2-7][0-9a-f])/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  const segments: string[] = [];
  for (const segment of path.replaceAll("\\", "/").split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  return `/${segments.join("/")}`;
}

function pathOf(target: string): string {
  const end = target.search(/[?#]/);
  return end < 0 ? target : target.slice(0, end);
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
