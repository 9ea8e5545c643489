import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { postBody } from "./post";
import { startReceiver, withStatus } from "./testing/receiver";

let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  await receiver.close();
});

const body = '{"type":"test.ping"}';
const post = (options: Partial<Parameters<typeof postBody>[0]> = {}) =>
  postBody({ url: receiver.url, headers: { "webhook-id": "msg_1" }, body, ...options });

test("the body arrives as it is, with its headers and query, and the status is returned", async () => {
  expect(await post({ url: `${receiver.url}?tenant=1` })).toMatchObject({ status: 204 });
  expect(receiver.events).toMatchObject([
    {
      path: "/hook?tenant=1",
      body,
      headers: {
        "webhook-id": "msg_1",
        "content-type": "application/json",
        "user-agent": "OneKey-Webhooks/1.0",
      },
    },
  ]);
});

test.each([400, 404, 410, 429, 500, 503])("a %i is a response, not a problem", async (status) => {
  receiver.respondWith(withStatus(status));
  expect(await post()).toEqual({ status, latencyMs: expect.any(Number) });
});

test("a redirect to loopback is not followed", async () => {
  const other = await startReceiver();
  for (const status of [301, 302, 303, 307, 308]) {
    receiver.respondWith(withStatus(status, { location: other.url }));
    expect(await post()).toMatchObject({ status });
  }
  expect(other.events).toEqual([]);
  await other.close();
});

test("an endless body is left after a few kilobytes", async () => {
  let writtenBytes = 0;
  const closed = new Promise<void>((resolve) => {
    receiver.respondWith((res) => {
      res.writeHead(200);
      const chunk = Buffer.alloc(1_024, 97);
      const write = () => {
        while (!res.destroyed && res.write(chunk)) writtenBytes += chunk.length;
      };
      res.on("drain", write);
      res.on("close", resolve);
      write();
    });
  });
  expect(await post()).toMatchObject({ status: 200 });
  // The connection ends although the receiver would have gone on.
  await closed;
  // What fits into buffers of both sides may have been written.
  expect(writtenBytes).toBeLessThan(16 * 1_024 * 1_024);
});

test("a receiver that never responds, or never ends its headers, is a timeout", async () => {
  receiver.respondWith(() => undefined);
  expect(await post({ timeoutMs: 100 })).toMatchObject({ status: null, problem: "timeout" });
  receiver.respondWith((res) => void res.socket?.write("HTTP/1.1 200 OK\r\nx: "));
  expect(await post({ timeoutMs: 100 })).toMatchObject({ status: null, problem: "timeout" });
});

test("a status counts although the body after it never ends", async () => {
  receiver.respondWith((res) => {
    res.writeHead(200);
    res.write("a");
  });
  // Long enough for a response on a busy machine: all of it passes, because the body does not end.
  expect(await post({ timeoutMs: 2_000 })).toMatchObject({ status: 200 });
});

test("a receiver that is gone, hangs up, or speaks no TLS is named as such", async () => {
  const hangsUp = createServer((req) => req.socket.destroy());
  await new Promise<void>((resolve) => hangsUp.listen(0, "127.0.0.1", resolve));
  const { port } = hangsUp.address() as AddressInfo;
  expect(await post({ url: `http://127.0.0.1:${port}/` })).toMatchObject({ problem: "reset" });
  hangsUp.close();
  hangsUp.closeAllConnections();
  expect(await post({ url: `https://127.0.0.1:${receiver.port}/` })).toMatchObject({
    problem: "tls",
  });
  await receiver.close();
  expect(await post()).toMatchObject({ status: null, problem: "refused" });
});

test("a server without a certificate is a problem of TLS", async () => {
  const server = createSecureServer({});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  expect(await post({ url: `https://127.0.0.1:${port}/` })).toMatchObject({
    status: null,
    problem: "tls",
  });
  server.close();
});

test("the name is resolved once, and the connection goes to the address that was checked", async () => {
  let lookups = 0;
  // The second look-up of a rebinding name would lead elsewhere.
  const resolve = async () => (++lookups === 1 ? ["127.0.0.1"] : ["10.0.0.1"]);
  const url = `http://rebinding.example:${receiver.port}/hook`;
  expect(await post({ url, resolve })).toMatchObject({ status: 204 });
  expect(lookups).toBe(1);
  expect(receiver.events[0]?.headers.host).toBe(`rebinding.example:${receiver.port}`);
  expect(await post({ url, resolve })).toMatchObject({ status: null, problem: "address" });
  expect(receiver.events).toHaveLength(1);
});

test("a name without an address, and a URL that is no longer allowed, get no connection", async () => {
  const fails = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));
  const url = `http://missing.example:${receiver.port}/hook`;
  expect(await post({ url, resolve: fails("ENOTFOUND") })).toMatchObject({ problem: "dns" });
  expect(await post({ url, resolve: fails("ETIMEOUT") })).toMatchObject({ problem: "timeout" });
  expect(await post({ url: "ftp://127.0.0.1/" })).toMatchObject({ problem: "failed" });
  expect(receiver.events).toEqual([]);
});
