import { isIP } from "node:net";

const MAPPED_PREFIX = 0xffffn;

/** An IPv4 address that is written as IPv6 (RFC 4291, 2.5.5.2: `::ffff:192.0.2.1`, `::ffff:c000:201`) as IPv4; others as they are. */
export function unmapAddress(address: string): string {
  if (isIP(address) !== 6) return address;
  const value = v6(address);
  return value >> 32n === MAPPED_PREFIX ? print(value & 0xffffffffn, 4) : address;
}

/** The network that one client is taken to own: a /24 of IPv4, a /64 of IPv6; `unknown` for what is no address. */
export function clientNetwork(address: string): string {
  const plain = unmapAddress(address);
  return addressBlocks(plain)[isIP(plain) === 4 ? 32 - 24 : 128 - 64] ?? "unknown";
}

/** Every CIDR block that contains an address, narrowest first, so that a database can match a list of blocks by equality. */
export function addressBlocks(address: string): string[] {
  const plain = unmapAddress(address);
  const version = isIP(plain);
  if (version === 0) return [];
  const bits = version === 4 ? 32 : 128;
  const value = version === 4 ? v4(plain) : v6(plain);
  return Array.from({ length: bits + 1 }, (_, i) => {
    const length = BigInt(bits - i);
    const host = BigInt(bits) - length;
    return `${print((value >> host) << host, version)}/${length}`;
  });
}

/** The canonical form of a block as a user may write it (`203.0.113.7`, `203.0.113.0/24`, `2001:db8::/32`), or null. */
export function parseBlock(text: string): string | null {
  const [address = "", length] = text.trim().split("/");
  const version = isIP(address);
  if (version === 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return null;
  const bits = version === 4 ? 32 : 128;
  const prefixLength = length === undefined ? bits : Number(length);
  return addressBlocks(address)[bits - prefixLength] ?? null;
}

const v4 = (text: string) => text.split(".").reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);

function v6(text: string): bigint {
  const [head = "", tail] = (text.split("%")[0] ?? "").split("::");
  const words = (part: string) =>
    part === ""
      ? []
      : part
          .split(":")
          .flatMap((word) =>
            word.includes(".") ? [v4(word) >> 16n, v4(word) & 0xffffn] : [BigInt(`0x${word}`)],
          );
  const leading = words(head);
  const right = tail === undefined ? [] : words(tail);
  const middle = Array.from({ length: 8 - leading.length - right.length }, () => 0n);
  return [...leading, ...middle, ...right].reduce((sum, word) => (sum << 16n) | word, 0n);
}

function print(value: bigint, version: number): string {
  const size = version === 4 ? 8n : 16n;
  const count = version === 4 ? 4 : 8;
  const parts = Array.from(
    { length: count },
    (_, i) => (value >> (size * BigInt(count - 1 - i))) & ((1n << size) - 1n),
  );
  return version === 4 ? parts.join(".") : parts.map((part) => part.toString(16)).join(":");
}

/** Whether a list of blocks contains an address. */
export const isAddressIn = (address: string, blocks: string[]): boolean =>
  addressBlocks(address).some((block) => blocks.includes(block));
