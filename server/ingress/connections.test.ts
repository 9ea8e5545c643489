import { createServer, request, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import {
  addressGroup,
  createConnections,
  isLoopbackAddress,
  type ConnectionLimits,
} from "./connections";

const open: { server: Server; sockets: Socket[] }[] = [];
afterEach(() => {
  for (const { server, sockets } of open.splice(0)) {
    for (const socket of sockets) socket.destroy();
    server.closeAllConnections();
    server.close();
  }
});

/** A server whose requests to /held wait until they are let go. */
async function startServer(connections: ConnectionLimits) {
  const pending: (() => void)[] = [];
  const startedUrls: string[] = [];
  const server = createServer((req, res) =>
    connections.begin(req, res, () => {
      startedUrls.push(req.url ?? "");
      if (req.url === "/held") pending.push(() => res.end("held"));
      else res.end("done");
    }),
  );
  server.on("connection", (socket) => connections.add(socket, socket.remoteAddress ?? ""));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const sockets: Socket[] = [];
  open.push({ server, sockets });
  return {
    held: pending,
    started: startedUrls,
    idle: () =>
      new Promise<Socket>((resolve) => {
        const socket = connect(port, "127.0.0.1", () => resolve(socket));
        socket.on("error", () => {});
        sockets.push(socket);
      }),
    get: (path: string) =>
      new Promise<string>((resolve, reject) => {
        request({ port, path, agent: false }, (res) => {
          let text = "";
          res.on("data", (chunk) => (text += String(chunk)));
          res.on("end", () => resolve(text));
        })
          .on("error", reject)
          .end();
      }),
  };
}

test("an idle connection is closed for a new one, a request in progress is not", async () => {
  const connections = createConnections({ max: 3, perAddressMax: null });
  const { get, idle, held: pending } = await startServer(connections);
  const first = get("/held");
  await expect.poll(() => pending).toHaveLength(1);
  const idleOnes = [await idle(), await idle()];
  await expect.poll(() => connections.size().open).toBe(3);
  expect(await get("/")).toBe("done");
  await expect.poll(() => idleOnes[0]?.destroyed || idleOnes[0]?.readableEnded).toBe(true);
  pending[0]?.();
  expect(await first).toBe("held");
});

test("where every connection has a request in progress, a new one is refused", async () => {
  const connections = createConnections({ max: 2, perAddressMax: null });
  const { get, held: pending } = await startServer(connections);
  const busy = [get("/held"), get("/held")];
  await expect.poll(() => pending).toHaveLength(2);
  await expect(get("/")).rejects.toThrow();
  for (const letGo of pending) letGo();
  expect(await Promise.all(busy)).toEqual(["held", "held"]);
  expect(await get("/")).toBe("done");
});

test("one address takes its own share only", async () => {
  const connections = createConnections({ max: 100, perAddressMax: () => 2 });
  const { get, held: pending } = await startServer(connections);
  const busy = [get("/held"), get("/held")];
  await expect.poll(() => pending).toHaveLength(2);
  await expect(get("/")).rejects.toThrow();
  for (const letGo of pending) letGo();
  await Promise.all(busy);
  await expect.poll(() => connections.size().open).toBe(0);
  expect(await get("/")).toBe("done");
});

test("a request that was sent ahead starts when the response before it has ended", async () => {
  const connections = createConnections({ max: 100, perAddressMax: null });
  const { idle, held: pending, started: startedUrls } = await startServer(connections);
  const socket = await idle();
  const line = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
  let text = "";
  socket.on("data", (chunk) => (text += String(chunk)));
  socket.write(line("/held") + line("/second") + line("/third"));
  await expect.poll(() => pending).toHaveLength(1);
  expect(startedUrls).toEqual(["/held"]);
  pending[0]?.();
  await expect.poll(() => text.match(/HTTP\/1\.1 200/g)).toHaveLength(3);
  expect(startedUrls).toEqual(["/held", "/second", "/third"]);
});

test.each([
  ["192.0.2.1", "192.0.2.1"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:db8:1:2::9", "2001:db8:1:2::/64"],
  ["2001:0DB8:0001:0002::9", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["not an address", "not an address"],
])("%s is limited as %s", (address, group) => {
  expect(addressGroup(address)).toBe(group);
});

test("loopback is known in every spelling", () => {
  for (const address of ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
    expect(isLoopbackAddress(address)).toBe(true);
  for (const address of ["128.0.0.1", "10.0.0.1", "::2", "::ffff:128.0.0.1", ""])
    expect(isLoopbackAddress(address)).toBe(false);
});
