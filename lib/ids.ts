import {
  createHmac,
  createSecretKey,
  randomBytes,
  randomFillSync,
  type KeyObject,
} from "node:crypto";
import { crc32 } from "node:zlib";

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const KEY_PATTERN = /^sk-onekey-([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/;

function base62(value: bigint, length: number): string {
  let text = "";
  for (let remainder = value; text.length < length; remainder /= 62n)
    text = BASE62.charAt(Number(remainder % 62n)) + text;
  return text;
}

/** A prefixed random identifier, such as `req_` + 22 base62 characters (131 bits). */
export function newId(
  prefix:
    | "usr"
    | "acc"
    | "inv"
    | "prj"
    | "key"
    | "mgk"
    | "aud"
    | "req"
    | "ins"
    | "grt"
    | "pur"
    | "act"
    | "chk"
    | "inc"
    | "whe"
    | "snd",
): string {
  let text = `${prefix}_`;
  for (const end = text.length + 22; text.length < end;) {
    if (next === POOL.length) {
      randomFillSync(POOL);
      next = 0;
    }
    const byte = POOL[next++] ?? 255;
    // 248 is the largest multiple of 62 in a byte: beyond it, the first characters would come more often.
    if (byte < 248) text += BASE62.charAt(byte % 62);
  }
  return text;
}

const POOL = Buffer.alloc(4_096);
let next = POOL.length;

/** The six base62 characters of the CRC-32 that close a key. */
function checksum(secret: string): string {
  let remainder = crc32(secret);
  let text = "";
  for (let i = 0; i < 6; i++) {
    text = BASE62.charAt(remainder % 62) + text;
    remainder = Math.floor(remainder / 62);
  }
  return text;
}

/** A fresh API key: `sk-onekey-`, 43 base62 characters (256 bits) and 6 of CRC-32, so that a typing error needs no read. */
export function newKey(): string {
  const secret = base62(BigInt(`0x${randomBytes(32).toString("hex")}`), 43);
  return `sk-onekey-${secret}${checksum(secret)}`;
}

/** What a management key begins with. It has no form of a model key. */
export const MANAGEMENT_PREFIX = "sk-onekey-mgmt-";
const MANAGEMENT_PATTERN = /^sk-onekey-mgmt-([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/;

/** A fresh management key, of the same strength and with the same checksum as a model key. */
export function newManagementKey(): string {
  const secret = base62(BigInt(`0x${randomBytes(32).toString("hex")}`), 43);
  return `${MANAGEMENT_PREFIX}${secret}${checksum(secret)}`;
}

export function isWellFormedManagementKey(key: string): boolean {
  const match = MANAGEMENT_PATTERN.exec(key);
  return match !== null && checksum(match[1] ?? "") === match[2];
}

/** Whether a string has the form of a key and its checksum is right. It says nothing about whether the key exists. */
export function isWellFormedKey(key: string): boolean {
  const match = KEY_PATTERN.exec(key);
  return match !== null && checksum(match[1] ?? "") === match[2];
}

/** The last pepper, made a key of once: a process has one. */
let pepperKey: { pepper: string; key: KeyObject } | null = null;

/** The HMAC-SHA-256 by which a key, or a provider's object id, is stored and looked up; `pepper` never leaves the process. */
export function digestOf(secret: string, pepper: string): string {
  if (pepperKey?.pepper !== pepper) pepperKey = { pepper, key: createSecretKey(pepper, "utf8") };
  return createHmac("sha256", pepperKey.key).update(secret).digest("base64url");
}

/** What may be shown of a key after it was given out: `sk-onekey-AbCd…wxyz`. */
export function previewOf(key: string): string {
  return `${key.slice(0, 14)}…${key.slice(-4)}`;
}
