import { isIPv4 } from "node:net";
import { z } from "zod";
import { parseCredits } from "@/lib/money";

export const text = z.string().optional();
export const port = integerBetween(0, 65_535);
export const milliseconds = integerBetween(1, 86_400_000);
export const secret = z.string().min(32, "must be at least 32 characters").optional();
export const url = z
  .string()
  .refine(
    (value) => isPlainUrl(value),
    "must be an http(s) address without credentials, query or fragment",
  )
  .optional();
export const providerUrl = url.refine(
  (value) => value === undefined || !URL.canParse(value) || isSafeTransport(value),
  "must be https unless its host is loopback",
);
export const openAiUrl = providerUrl.refine(
  (value) => value === undefined || /\/v1\/*$/.test(value),
  "must end in /v1",
);
export const bareUrl = providerUrl.refine(
  (value) => value === undefined || !/\/v\d+[a-z]*\/*$/.test(value),
  "must not end in a version such as /v1",
);
/** What a chain's node says becomes credits, so nobody on the way may change it. Its address may hold a key. */
export const nodeUrl = z
  .url("must be an address")
  .refine(
    (value) => !URL.canParse(value) || isSafeTransport(value),
    "must be https unless its host is loopback",
  )
  .optional();
export const credentials = z
  .string()
  .refine(
    (value) => /^[\x21-\x7e]+(?:\s*,\s*[\x21-\x7e]+)*,?$/.test(value),
    "must be credentials without spaces, separated by commas",
  )
  .optional();
export const credits = z
  .string()
  .refine(
    (value) => isAmount(value),
    "must be an amount in credits of 0 or more, with at most 9 decimal places",
  );

export function split(list: string | undefined): string[] {
  return [
    ...new Set(
      (list ?? "")
        .split(",")
        .map((key) => key.trim())
        .filter((key) => key !== ""),
    ),
  ];
}

export function integerBetween(min: number, max: number) {
  const message = `must be an integer from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
}

function isAmount(value: string): boolean {
  try {
    return parseCredits(value) >= 0;
  } catch {
    return false;
  }
}

function isPlainUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  return (
    /^https?:$/.test(url.protocol) &&
    url.username === "" &&
    url.password === "" &&
    url.search === "" &&
    url.hash === ""
  );
}

function isSafeTransport(value: string): boolean {
  return new URL(value).protocol === "https:" || isLoopbackUrl(value);
}

export function isLoopbackUrl(value: string): boolean {
  return URL.canParse(value) && isLoopback(new URL(value).hostname);
}

export function isLoopback(host: string): boolean {
  return (
    host === "localhost" ||
    host === "::1" ||
    host === "[::1]" ||
    (isIPv4(host) && host.startsWith("127."))
  );
}

export function trimSlash(value: string): string {
  return value.replace(/\/+$/, "");
}
