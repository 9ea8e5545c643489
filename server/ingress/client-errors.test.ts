import { once } from "node:events";
import { createServer } from "node:http";
import { connect as connectHttp2, constants } from "node:http2";
import { connect, type AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import type { PageServer } from "../pages";
import { handleClientErrors } from "./client-errors";
import { createIngress } from "./create-ingress";

async function startServer() {
  const server = createServer((_req, res) => res.end("served"));
  handleClientErrors(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe("a gRPC client's request", () => {
  const request = { ":method": "POST", ":path": "/xai_api.Chat/GetCompletion", te: "trailers" };

  test("gets a status that says which SDK to use, as headers only, and no other one is served", async () => {
    const { port, close } = await startServer();
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    session.on("error", () => {});
    const goAway = once(session, "goaway") as Promise<[number, number, Buffer]>;
    const stream = session.request({ ...request, "content-type": "application/grpc" });
    stream.on("error", () => {});
    const [headers, flags] = (await once(stream, "response")) as [Record<string, string>, number];
    expect(headers).toMatchObject({ ":status": 505, "grpc-status": "12" });
    expect(headers["content-type"]).toBe("application/grpc");
    expect(headers["grpc-message"]).toMatch(/HTTP\/1\.1.*OpenAI SDK/);
    expect(flags & constants.NGHTTP2_FLAG_END_STREAM).toBeTruthy();
    const [code, lastStream, text] = await goAway;
    expect([code, lastStream]).toEqual([constants.NGHTTP2_NO_ERROR, stream.id]);
    expect(text.toString("utf8")).toBe(headers["grpc-message"]);
    session.destroy();
    close();
  });

  test("that a proxy has translated to HTTP/1.1 gets the same status, and no page", async () => {
    const notServed = () => {
      throw new Error("A gRPC request was served.");
    };
    const pages = { started: () => true, serve: notServed } as unknown as PageServer;
    const server = createIngress({ pages, serveApi: notServed, serveSocket: notServed });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    for (const path of ["/xai_api.Chat/GetCompletion", "/v1/chat/completions"]) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        method: "POST",
        headers: { "content-type": "application/grpc+proto" },
        body: Buffer.alloc(100),
      });
      expect(response.status).toBe(415);
      expect(response.headers.get("grpc-status")).toBe("12");
      expect(response.headers.get("grpc-message")).toContain("OpenAI SDK");
      expect(await response.text()).toBe("");
    }
    server.closeAllConnections();
    server.close();
  });

  test("is refused however its bytes arrive, and never read without a bound", async () => {
    const { port, close } = await startServer();
    const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
    const head = Buffer.from([0, 0, 1, 1, 5, 0, 0, 0, 7, 0x83]);
    const bytes = Buffer.concat([Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), settings, head]);
    const sendInTwo = async (cut: number) => {
      const socket = connect(port, "127.0.0.1").setNoDelay();
      const chunks: Buffer[] = [];
      socket.on("data", (chunk: Buffer) => chunks.push(chunk));
      await once(socket, "connect");
      socket.write(bytes.subarray(0, cut));
      await new Promise((resolve) => setTimeout(resolve, 5));
      socket.write(bytes.subarray(cut));
      await once(socket, "close");
      return Buffer.concat(chunks);
    };
    for (let cut = 10; cut < bytes.length; cut += 5) {
      const response = (await sendInTwo(cut)).toString("latin1");
      expect(response, `cut at ${cut}`).toContain("grpc-status");
      expect(response).not.toContain("HTTP/1.1 ");
    }
    const socket = connect(port, "127.0.0.1").resume();
    socket.on("error", () => {});
    socket.write(Buffer.concat([bytes.subarray(0, 24), Buffer.alloc(128 * 1024, 4)]));
    await once(socket, "close");
    close();
  });
});

test("bytes that are no request get a 400 in words", async () => {
  const { port, close } = await startServer();
  const socket = connect(port, "127.0.0.1");
  socket.write("nonsense\r\n\r\n");
  let response = "";
  socket.on("data", (chunk) => (response += String(chunk)));
  await once(socket, "close");
  expect(response).toMatch(/^HTTP\/1\.1 400 .*not a valid HTTP\/1\.1 request\.\n$/s);
  close();
});
