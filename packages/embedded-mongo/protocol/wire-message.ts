import { decode } from "../storage/stored-document";
import type { BsonDocument } from "../values/values";

/** The supported part of the wire protocol: OP_MSG, and OP_QUERY for a driver's first hello. */
const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const CHECKSUM = 1;
const MORE_TO_COME = 2;

export type WireMessage = {
  requestId: number;
  kind: "msg" | "query";
  command: BsonDocument;
  /** The BSON of the command itself. */
  body: Uint8Array;
  /** The BSON of the document sequences, as it was received. */
  sequences: Map<string, Uint8Array[]>;
  moreToCome: boolean;
};

/** The sender does not speak the protocol: its connection is closed. */
export class ProtocolError extends Error {}

function read(bytes: Uint8Array): BsonDocument {
  try {
    return decode(bytes);
  } catch (cause) {
    throw new ProtocolError("Malformed BSON.", { cause });
  }
}

function documentAt(buffer: Buffer, at: number, end: number): Buffer {
  const size = at + 4 <= end ? buffer.readInt32LE(at) : -1;
  if (size < 5 || at + size > end) throw new ProtocolError("A document reaches past its message.");
  return buffer.subarray(at, at + size);
}

/** Reads a complete message. Throws ProtocolError where the bytes are no message. */
export function parseMessage(buffer: Buffer): WireMessage {
  const requestId = buffer.readInt32LE(4);
  const opcode = buffer.readInt32LE(12);
  if (buffer.includes("__proto__\u0000"))
    throw new ProtocolError("A field of that name is not supported.");
  if (opcode === OP_MSG) return parseMsg(buffer, requestId);
  if (opcode !== OP_QUERY || buffer.length < 21)
    throw new ProtocolError("An opcode that is not supported.");
  const name = buffer.indexOf(0, 20);
  if (name < 0) throw new ProtocolError("A query without a name.");
  const body = documentAt(buffer, name + 9, buffer.length);
  const query = read(body);
  const command: BsonDocument = { ...query, $db: "admin" };
  const [first] = Object.keys(command);
  if (first !== "hello" && first !== "ismaster" && first !== "isMaster")
    throw new ProtocolError("Only a hello is supported as a query.");
  return { requestId, kind: "query", command, body, sequences: new Map(), moreToCome: false };
}

function parseMsg(buffer: Buffer, requestId: number): WireMessage {
  if (buffer.length < 26) throw new ProtocolError("A message without a body.");
  const flags = buffer.readUInt32LE(16);
  if ((flags & 0xffff & ~(CHECKSUM | MORE_TO_COME)) !== 0)
    throw new ProtocolError("Unknown required flags.");
  const end = flags & CHECKSUM ? buffer.length - 4 : buffer.length;
  let body: Uint8Array | null = null;
  const sequences = new Map<string, Uint8Array[]>();
  const sequenceFields: BsonDocument = {};
  for (let at = 20; at < end;) {
    const kind = buffer[at++];
    if (kind === 0) {
      const bytes = documentAt(buffer, at, end);
      if (body) throw new ProtocolError("Two bodies in a message.");
      body = bytes;
      at += bytes.length;
    } else if (kind === 1) {
      const { name, documents, next } = sequenceAt(buffer, at, end);
      if (sequences.has(name)) throw new ProtocolError("Two sequences of one name.");
      sequences.set(name, documents);
      sequenceFields[name] = documents.map(read);
      at = next;
    } else throw new ProtocolError("An unknown kind of section.");
  }
  if (!body) throw new ProtocolError("A message without a body.");
  const command = read(body);
  for (const name of sequences.keys())
    if (name in command) throw new ProtocolError("A sequence repeats a field of its body.");
  return {
    requestId,
    kind: "msg",
    command: { ...command, ...sequenceFields },
    body,
    sequences,
    moreToCome: (flags & MORE_TO_COME) !== 0,
  };
}

function sequenceAt(
  buffer: Buffer,
  at: number,
  end: number,
): { name: string; documents: Uint8Array[]; next: number } {
  const size = at + 4 <= end ? buffer.readInt32LE(at) : -1;
  if (size < 6 || at + size > end) throw new ProtocolError("A sequence reaches past its message.");
  const next = at + size;
  const zero = buffer.indexOf(0, at + 4);
  if (zero < 0 || zero >= next) throw new ProtocolError("A sequence without a name.");
  const documents: Uint8Array[] = [];
  for (let position = zero + 1; position < next;) {
    const bytes = documentAt(buffer, position, next);
    documents.push(bytes);
    position += bytes.length;
  }
  return { name: buffer.toString("utf8", at + 4, zero), documents, next };
}

let nextId = 1;

/** Wraps a reply's BSON in a message that names the request. */
export function encodeMessage(
  { requestId, kind }: Pick<WireMessage, "requestId" | "kind">,
  body: Uint8Array,
): Buffer {
  const head = Buffer.alloc(kind === "query" ? 36 : 21);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE((nextId = (nextId + 1) & 0x7fffffff), 4);
  head.writeInt32LE(requestId, 8);
  head.writeInt32LE(kind === "query" ? OP_REPLY : OP_MSG, 12);
  if (kind === "query") head.writeInt32LE(1, 32);
  return Buffer.concat([head, body]);
}
