// Requests that are made to take much: what 100 of each shape cost, and how long another customer waits meanwhile.
import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { brotliCompressSync, constants, crc32, deflateSync, gzipSync } from "node:zlib";

const MIB = 1024 * 1024;
const BOMBS = 100;
/** A connection on which the server waits for more is left open so long. */
const OPEN_MS = 5_000;

const json = (text) => ({ head: "content-type: application/json\r\n", body: Buffer.from(text) });
const compressBody = (encoding, body) => ({
  head: `content-type: application/json\r\ncontent-encoding: ${encoding}\r\n`,
  body,
});
const spaces = Buffer.alloc(31 * MIB, " ");
const fast = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

/** What each shape sends after its key; `claimedLength` is the length that it states instead of the real one. */
const SHAPES = {
  "a short body, for comparison": json("{}"),
  "31 MiB in brotli": compressBody("br", brotliCompressSync(spaces, fast)),
  "31 MiB in gzip": compressBody("gzip", gzipSync(spaces)),
  "31 MiB in deflate": compressBody("deflate", deflateSync(spaces)),
  "gzip in gzip": compressBody("gzip, gzip", gzipSync(gzipSync(spaces))),
  "1,000,000 levels of JSON": json("[".repeat(1_000_000)),
  "8 MiB of short JSON tokens": json(`[${"1,".repeat(4 * MIB)}1]`),
  "a form of 31 MiB": {
    head: "content-type: multipart/form-data; boundary=xxxxxxxx\r\n",
    path: "/v1/audio/transcriptions",
    body: Buffer.concat([
      Buffer.from(
        '--xxxxxxxx\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n',
      ),
      Buffer.alloc(31 * MIB, "\r\n--xxxxxxx"),
    ]),
  },
  "31 MiB claimed, none sent": { ...json(""), claimedLength: 31 * MIB },
  "one byte of a claimed 1 KiB": { ...json("{"), claimedLength: 1024 },
};

/** A key that was never issued: its form and checksum are right. */
function unknownKey() {
  const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const secret = [...randomBytes(43)].map((byte) => alphabet[byte % 62]).join("");
  let remaining = crc32(secret);
  let checksum = "";
  for (let i = 0; i < 6; i++) {
    checksum = alphabet[remaining % 62] + checksum;
    remaining = Math.floor(remaining / 62);
  }
  return `sk-onekey-${secret}${checksum}`;
}

/** Runs every shape with keys that were never issued, then with one customer's key. */
export async function bombs({ deployment, say }) {
  const target = deployment.targets.fast;
  const [bystander, customer] = target.keys;
  for (const [title, keyOf] of [
    ["keys that were never issued", unknownKey],
    ["the key of one customer", () => customer],
  ]) {
    say(`\n${BOMBS} of each shape concurrently, with ${title}`);
    say(
      "  CPU in ms, resident memory at its highest in MiB above before, another customer's longest wait in ms",
    );
    for (const [name, shape] of Object.entries(SHAPES)) {
      const { cpuMs, growthMiB, waitMs, statuses } = await measure({
        target,
        shape,
        keyOf,
        bystander,
      });
      say(
        `  ${name.padEnd(30)} CPU ${cpuMs.toFixed(0).padStart(6)}   memory ${growthMiB.toFixed(1).padStart(7)}   wait ${waitMs.toFixed(0).padStart(5)}   ${statuses}`,
      );
    }
  }
}

async function measure({ target, shape, keyOf, bystander }) {
  const port = target.ports[0];
  await ask(port, bystander);
  const before = await target.process.ask("memory");
  const cpuBefore = await target.cpu();
  let peak = before.rss;
  let waitMs = 0;
  let isOver = false;
  const watch = async (look) => {
    while (!isOver) {
      await look();
      await sleep(5);
    }
  };
  const watching = Promise.all([
    watch(async () => {
      waitMs = Math.max(waitMs, await ask(port, bystander));
    }),
    watch(async () => {
      peak = Math.max(peak, (await target.process.ask("resident")).rss);
    }),
  ]);
  const statuses = await Promise.all(
    Array.from({ length: BOMBS }, () => send(port, keyOf(), shape)),
  );
  isOver = true;
  await watching;
  const counts = {};
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  return {
    cpuMs: ((await target.cpu()) - cpuBefore) / 1_000,
    growthMiB: (peak - before.rss) / MIB,
    waitMs,
    statuses: Object.entries(counts)
      .map(([status, count]) => `${count} × ${status}`)
      .join(", "),
  };
}

/** Sends one bomb; the status of its response, or "none" when there was none in time. */
function send(port, key, { head, body, claimedLength, path = "/v1/chat/completions" }) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let status = "none";
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\n${head}content-length: ${claimedLength ?? body.length}\r\n\r\n`,
    );
    socket.write(body);
    socket.once("data", (chunk) => {
      status = String(chunk).slice(9, 12);
      socket.destroy();
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(status));
    setTimeout(() => socket.destroy(), OPEN_MS);
  });
}

/** How long another customer waits for their balance, in milliseconds. */
async function ask(port, key) {
  const startedAt = performance.now();
  const response = await fetch(`http://127.0.0.1:${port}/v1/credits`, {
    headers: { authorization: `Bearer ${key}` },
  });
  await response.text();
  return performance.now() - startedAt;
}
