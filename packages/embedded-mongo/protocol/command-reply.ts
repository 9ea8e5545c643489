import { serialize } from "bson";
import { encode } from "../values/encode";
import type { BsonDocument } from "../values/values";

/** The reply to a command. Documents in it are BSON as they are stored, not encoded again. */
export type CommandReply = {
  fields?: BsonDocument;
  value?: Uint8Array | null;
  batch?: CursorBatch;
};
export type CursorBatch = {
  name: "firstBatch" | "nextBatch";
  documents: Uint8Array[];
  cursorId: number;
  namespace: string;
};

/** Encodes a successful reply. */
export function encodeReply({ fields = {}, value, batch }: CommandReply): Uint8Array {
  const headBytes = encode({ ...fields, ok: 1 });
  if (!batch && value === undefined) return headBytes;
  const elements: Uint8Array[] = [];
  if (batch) elements.push(...element(0x03, "cursor", encodeBatch(batch)));
  if (value === null) elements.push(name(0x0a, "value"));
  else if (value) elements.push(...element(0x03, "value", [value]));
  return Buffer.concat(document([...elements, headBytes.subarray(4, headBytes.length - 1)]));
}

export const encodeError = (fields: BsonDocument): Uint8Array =>
  serialize({ ok: 0, ...fields }, { ignoreUndefined: true });

function encodeBatch(batch: CursorBatch): Uint8Array[] {
  const items = batch.documents.flatMap((doc, i) => element(0x03, String(i), [doc]));
  const id = Buffer.alloc(8);
  id.writeBigInt64LE(BigInt(batch.cursorId));
  const namespace = Buffer.from(`${batch.namespace}\u0000`, "utf8");
  const length = Buffer.alloc(4);
  length.writeInt32LE(namespace.length);
  return document([
    ...element(0x04, batch.name, document(items)),
    ...element(0x12, "id", [id]),
    ...element(0x02, "ns", [length, namespace]),
  ]);
}

const name = (type: number, text: string): Buffer =>
  Buffer.from(`${String.fromCharCode(type)}${text}\u0000`, "latin1");
const element = (type: number, text: string, value: Uint8Array[]): Uint8Array[] => [
  name(type, text),
  ...value,
];

function document(elements: Uint8Array[]): Uint8Array[] {
  const head = Buffer.alloc(4);
  head.writeInt32LE(elements.reduce((total, part) => total + part.length, 5));
  return [head, ...elements, Buffer.alloc(1)];
}
