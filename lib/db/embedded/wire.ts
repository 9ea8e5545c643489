import { deserialize, serialize, type Document } from "bson";

/** The MongoDB wire protocol: OP_MSG, and OP_QUERY for the drivers' first hello (mongodb.com/docs/manual/reference/mongodb-wire-protocol). */
const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const CHECKSUM = 1;
const MORE_TO_COME = 2;
export const MESSAGE_BYTES_MAX = 48_000_000;

export type Message = { requestId: number; kind: "msg" | "query"; command: Document; moreToCome: boolean };

/** The sender does not speak the protocol: its connection is closed. */
export class ProtocolError extends Error {}

const read = (bytes: Uint8Array): Document => {
  try {
    return deserialize(bytes, { promoteValues: true, promoteLongs: true, promoteBuffers: false });
  } catch (error) {
    throw new ProtocolError("Malformed BSON.", { cause: error });
  }
};

function documentAt(buffer: Buffer, at: number, end: number): Buffer {
  const size = at + 4 <= end ? buffer.readInt32LE(at) : -1;
  if (size < 5 || at + size > end) throw new ProtocolError("A document reaches past its message.");
  return buffer.subarray(at, at + size);
}

export function parseMessage(buffer: Buffer): Message {
  const requestId = buffer.readInt32LE(4);
  const opcode = buffer.readInt32LE(12);
  if (opcode === OP_QUERY) {
    const name = buffer.indexOf(0, 20);
    if (name < 0) throw new ProtocolError("A query without a name.");
    return { requestId, kind: "query", command: read(documentAt(buffer, name + 9, buffer.length)), moreToCome: false };
  }
  if (opcode !== OP_MSG || buffer.length < 21) throw new ProtocolError("An opcode that is not served.");
  const flags = buffer.readUInt32LE(16);
  if ((flags & 0xffff & ~(CHECKSUM | MORE_TO_COME)) !== 0) throw new ProtocolError("Unknown required flags.");
  const end = flags & CHECKSUM ? buffer.length - 4 : buffer.length;
  let command: Document | null = null;
  const sequences: Document = {};
  for (let at = 20; at < end;) {
    const kind = buffer[at++];
    if (kind === 0) {
      const body = documentAt(buffer, at, end);
      if (command) throw new ProtocolError("Two bodies in a message.");
      command = read(body);
      at += body.length;
    } else if (kind === 1) {
      const size = at + 4 <= end ? buffer.readInt32LE(at) : -1;
      if (size < 6 || at + size > end) throw new ProtocolError("A sequence reaches past its message.");
      const stop = at + size;
      const nameAt = at + 4;
      const zero = buffer.indexOf(0, nameAt);
      if (zero < 0 || zero >= stop) throw new ProtocolError("A sequence without a name.");
      const docs: Document[] = [];
      for (at = zero + 1; at < stop;) {
        const doc = documentAt(buffer, at, stop);
        docs.push(read(doc));
        at += doc.length;
      }
      sequences[buffer.toString("utf8", nameAt, zero)] = docs;
    } else throw new ProtocolError("An unknown kind of section.");
  }
  if (!command) throw new ProtocolError("A message without a body.");
  return { requestId, kind: "msg", command: { ...command, ...sequences }, moreToCome: (flags & MORE_TO_COME) !== 0 };
}

let nextId = 1;

export function encodeReply(message: Pick<Message, "requestId" | "kind">, reply: Document): Buffer {
  const body = serialize(reply, { ignoreUndefined: true });
  const head = message.kind === "query" ? Buffer.alloc(36) : Buffer.alloc(21);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE((nextId = (nextId + 1) & 0x7fffffff), 4);
  head.writeInt32LE(message.requestId, 8);
  head.writeInt32LE(message.kind === "query" ? OP_REPLY : OP_MSG, 12);
  if (message.kind === "query") head.writeInt32LE(1, 32);
  return Buffer.concat([head, body]);
}
