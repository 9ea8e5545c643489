// The load generator: raw sockets, one request at a time on each, the answer's bytes counted.
import { connect } from "node:net";
import { createReader } from "./http1.mjs";

/**
 * Opens `connections` to a target and returns `run`, which keeps all of them busy for a while and then lets what is on its way
 * end. A sample holds latencies and times to first byte in milliseconds.
 */
export async function openLoad({ target, connections, body, bytes }) {
  const clients = await Promise.all(
    Array.from({ length: connections }, (_, i) =>
      openClient({
        target,
        port: target.ports[i % target.ports.length],
        request: target.request(body, i),
        bytes,
      }),
    ),
  );
  return {
    run: async (milliseconds) => {
      const sample = { latencies: [], firstBytes: [], errors: 0 };
      const began = performance.now();
      const until = began + milliseconds;
      await Promise.all(
        clients.map(async (client) => {
          do await client.send(sample);
          while (performance.now() < until);
        }),
      );
      return {
        ...sample,
        requests: sample.latencies.length,
        seconds: (performance.now() - began) / 1000,
      };
    },
    close: () => {
      for (const client of clients) client.close();
    },
  };
}

async function openClient({ target, port, request, bytes }) {
  let socket = null;
  let current = null;

  const open = async () => {
    socket = connect({ host: "127.0.0.1", port, noDelay: true });
    await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
    const read = createReader({
      onHead: (head) => {
        current.status = Number(head.slice(9, 12));
      },
      onBody: (_data, from, to) => {
        if (current.bytes === 0) current.firstByteAt = performance.now();
        current.bytes += to - from;
      },
      onEnd: () => finish(current.status === 200 && (!target.exact || current.bytes === bytes)),
    });
    socket.on("data", (chunk) => {
      try {
        read(chunk);
      } catch {
        socket.destroy();
      }
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      socket = null;
      finish(false);
    });
  };

  const finish = (ok) => {
    if (!current) return;
    const { sample, sentAt, firstByteAt, resolve } = current;
    current = null;
    if (ok) {
      sample.latencies.push(performance.now() - sentAt);
      sample.firstBytes.push(firstByteAt - sentAt);
    } else sample.errors++;
    resolve();
  };

  await open();
  return {
    send: async (sample) => {
      if (!socket) await open();
      return new Promise((resolve) => {
        current = {
          sample,
          sentAt: performance.now(),
          firstByteAt: 0,
          bytes: 0,
          status: 0,
          resolve,
        };
        socket.write(request);
      });
    },
    close: () => socket?.destroy(),
  };
}
