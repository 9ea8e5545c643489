// Loaded before a server (`--import`): once armed by a file that says "before 2", it is killed, as by kill -9, just before its
// second write to the records of accounts and usage, or ("after 2") when that is answered. The fault is made here, at the socket:
// the product has no hook for it.
import { existsSync, readFileSync } from "node:fs";
import { Socket } from "node:net";

const { ONEKEY_TEST_DIE: file } = process.env;
const OP_MSG = 2013;
let writes = 0;

const { write } = Socket.prototype;
Socket.prototype.write = function (...args) {
  const id = idOfWrite(args[0]);
  const [when, nth] = id !== null && existsSync(file) ? readFileSync(file, "utf8").split(" ") : [];
  if (when === undefined || ++writes !== Number(nth)) return write.apply(this, args);
  if (when === "before") die();
  this.prependListener("data", (bytes) => answers(bytes).includes(id) && die());
  return write.apply(this, args);
};

const die = () => process.kill(process.pid, "SIGKILL");

/** The number of a message that writes to accounts or usage; null for anything else. */
function idOfWrite(bytes) {
  if (!(bytes instanceof Uint8Array) || bytes.length < 40) return null;
  const message = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (message.readInt32LE(0) !== message.length || message.readInt32LE(12) !== OP_MSG) return null;
  const [command, collection] = message.toString("latin1", 26, 80).split(/\0[^]{4}|\0/);
  const isWrite = ["insert", "update", "findAndModify"].includes(command);
  return isWrite && ["accounts", "usage"].includes(collection) ? message.readInt32LE(4) : null;
}

function answers(bytes) {
  const ids = [];
  for (let at = 0; at + 16 <= bytes.length; at += bytes.readInt32LE(at))
    ids.push(bytes.readInt32LE(at + 8));
  return ids;
}
