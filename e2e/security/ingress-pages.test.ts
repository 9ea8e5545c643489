import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ADAPTERS, deployment } from "../support/shared-deployment";
import { startIngressServer, type IngressServer } from "../support/ingress-server";

const CANARY = "canary-ingress-3f9a";

let server: IngressServer;
beforeAll(async () => {
  server = await startIngressServer();
});
afterAll(() => server.stop());

describe("a page believes nothing that only an edge may say", () => {
  test.each([
    "/none.js",
    "/none.css",
    "/none.png",
    "/none.json",
    "/_next/none",
    "/_next/static/none.js",
    "/api/none",
    "/v1x",
    "/none/a.txt",
  ])("%s has a policy, refuses frames, and uses no nonce of the client's", async (path) => {
    for (const origin of [server.origin, deployment.next]) {
      const response = await fetch(`${origin}${path}`, {
        headers: { "x-nonce": CANARY, "x-area": "site", "content-security-policy": CANARY },
      });
      const text = await response.text();
      expect(response.status, path).toBe(404);
      expect(text).not.toContain(CANARY);
      if (!response.headers.get("content-type")?.startsWith("text/html")) continue;
      expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(response.headers.get("x-frame-options")).toBe("DENY");
    }
  });

  test.each(ADAPTERS)("%s takes forms only with an Origin of ours", async (_, origin) => {
    const post = (headers: Record<string, string>) =>
      fetch(`${origin}/sign-in`, {
        method: "POST",
        headers: {
          "content-type": "text/plain;charset=UTF-8",
          "next-action": "0".repeat(42),
          ...headers,
        },
        body: "[]",
        redirect: "manual",
      });
    const foreign: Record<string, string>[] = [
      {},
      { origin: "null" },
      { origin: "http://evil.example" },
      { origin: "http://evil.example", "x-forwarded-host": "evil.example" },
      { origin: "http://evil.example", forwarded: "host=evil.example" },
    ];
    for (const headers of foreign) expect((await post(headers)).status).toBe(403);
    expect((await post({ origin })).status).not.toBe(403);
  });

  test("no page repeats a host of the client's", async () => {
    const names = [
      "x-forwarded-host",
      "x-forwarded-server",
      "x-host",
      "x-original-host",
      "forwarded",
    ];
    for (const path of [
      "/",
      "/sign-in",
      "/dashboard",
      "/docs",
      "/docs/",
      "/sitemap.xml",
      "/robots.txt",
    ]) {
      const response = await fetch(`${server.origin}${path}`, {
        headers: Object.fromEntries(names.map((name) => [name, `${CANARY}.example`])),
        redirect: "manual",
      });
      expect(await response.text()).not.toContain(CANARY);
      expect(response.headers.get("location") ?? "").not.toContain(CANARY);
    }
  });
});

test("whatever requests say, the output of a server is events without a word of theirs", async () => {
  const before = server.output().length;
  await fetch(`${server.origin}/sign-in`, {
    method: "POST",
    headers: { origin: server.origin, "next-action": CANARY, "content-type": "text/plain" },
    body: CANARY,
  });
  await fetch(`${server.origin}/sign-in`, {
    method: "POST",
    headers: {
      origin: server.origin,
      "content-type": `multipart/form-data; boundary=${CANARY}`,
      "next-action": "0".repeat(42),
    },
    body: `--${CANARY}\r\nbroken`,
  });
  for (const path of ["/_next/image", "/_next/data/x/y.json", "/docs", "/dashboard", "/none"])
    await fetch(`${server.origin}${path}?${CANARY}=${encodeURIComponent(`\n{"at":"${CANARY}"`)}`, {
      headers: {
        rsc: "1",
        "next-router-state-tree": `%5B${CANARY}`,
        cookie: `next-auth.session-token=${CANARY}`,
        referer: `http://${CANARY}`,
      },
      redirect: "manual",
    });
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const output = server.output();
  expect(output).not.toContain(CANARY);
  for (const line of output.slice(before).split("\n").filter(Boolean))
    expect(JSON.parse(line)).toMatchObject({ at: expect.any(String), event: expect.any(String) });
});
