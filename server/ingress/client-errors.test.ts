import { once } from "node:events";
import { createServer } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { connect, type AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { handleClientErrors } from "./client-errors";

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

test("a gRPC client is shown that it needs HTTP/1.1 and which SDK to use", async () => {
  const { port, close } = await startServer();
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  session.on("error", () => {});
  const stream = session.request({ ":method": "POST", ":path": "/xai_api.Chat/GetCompletion" });
  stream.on("error", () => {});
  const [code, , text] = (await once(session, "goaway")) as [number, number, Buffer];
  expect(code).toBe(0xd);
  expect(text.toString("utf8")).toMatch(/HTTP\/1\.1.*OpenAI SDK/);
  session.destroy();
  close();
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
