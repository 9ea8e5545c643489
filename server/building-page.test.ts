import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sendBuildingPage } from "./building-page";

let server: Server;
let origin: string;
beforeAll(async () => {
  server = createServer((req, res) =>
    sendBuildingPage({
      res,
      accept: req.headers.accept ?? "",
      isHead: req.method === "HEAD",
      elapsedMs: 30_000,
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

test("a browser reads that the pages are being built, with progress, and reloads", async () => {
  const response = await fetch(origin, { headers: { accept: "text/html,*/*" } });
  expect(response.status).toBe(503);
  expect(response.headers.get("retry-after")).toBe("3");
  expect(response.headers.get("content-security-policy")).toMatch(
    /^default-src 'none'; style-src 'sha256-/,
  );
  const text = await response.text();
  expect(text).toContain("Building the pages");
  expect(text).toContain('value="40"');
  expect(text).toContain('http-equiv="refresh" content="3"');
});

test("a program gets JSON, and HEAD no body", async () => {
  expect(await (await fetch(origin)).json()).toEqual({ status: "building" });
  expect(await (await fetch(origin, { method: "HEAD" })).text()).toBe("");
});
