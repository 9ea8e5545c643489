import { request } from "node:http";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import {
  chat,
  createCustomer,
  ADAPTERS,
  countReceived,
  deployment,
} from "../support/shared-deployment";

const json = { "content-type": "application/json" };
const post = (
  origin: string,
  path: string,
  key: string,
  body: string,
  headers: Record<string, string> = {},
) =>
  fetch(`${origin}${path}`, {
    method: "POST",
    body,
    headers: { ...json, authorization: `Bearer ${key}`, ...headers },
  });

const message = '"messages":[{"role":"user","content":"hi"}]';
const BODIES: [string, string, string, number][] = [
  ["malformed JSON", "/v1/chat/completions", '{"model":', 400],
  [
    "a model given twice",
    "/v1/chat/completions",
    `{"model":"gpt-6-sol","model":"gpt-6-luna",${message}}`,
    400,
  ],
  [
    "an escaped pricing field",
    "/v1/chat/completions",
    `{"mod\\u0065l":"gpt-6-sol",${message}}`,
    400,
  ],
  ["no model", "/v1/chat/completions", `{${message}}`, 400],
  ["a model that is not a string", "/v1/chat/completions", `{"model":7,${message}}`, 400],
  ["an unknown model", "/v1/chat/completions", `{"model":"gpt-6-lunaa",${message}}`, 404],
  ["a body that is not an object", "/v1/chat/completions", "[1]", 400],
  ["background", "/v1/responses", '{"model":"gpt-6-luna","input":"hi","background":true}', 400],
  [
    "a conversation",
    "/v1/responses",
    '{"model":"gpt-6-luna","input":"hi","conversation":"conv_1"}',
    400,
  ],
  [
    "a file id",
    "/v1/responses",
    '{"model":"gpt-6-luna","input":[{"role":"user","content":[{"type":"input_file","file_id":"file-1"}]}]}',
    400,
  ],
  [
    "a foreign previous response",
    "/v1/responses",
    '{"model":"gpt-6-luna","input":"hi","previous_response_id":"resp_foreign"}',
    404,
  ],
  [
    "an Anthropic container",
    "/v1/messages",
    `{"model":"claude-sonnet-4-6","max_tokens":5,"container":"c_1",${message}}`,
    400,
  ],
  [
    "cached content",
    "/v1beta/models/gemini-3.5-flash-lite:generateContent",
    '{"contents":[{"parts":[{"text":"hi"}]}],"cachedContent":"cachedContents/1"}',
    400,
  ],
  [
    "an unpriced service tier",
    "/v1/chat/completions",
    `{"model":"gpt-6-luna","service_tier":"invented",${message}}`,
    400,
  ],
];

const PATHS: [string, string, number][] = [
  ["files", "/v1/files", 404],
  ["a doubled slash", "/v1//chat/completions", 404],
  ["an encoded slash", "/v1/chat%2fcompletions", 404],
  ["a model name with a slash", "/v1beta/models/a/b:generateContent", 404],
  ["an unknown action", "/v1beta/models/gemini-3.5-flash-lite:tune", 404],
];

describe.each(ADAPTERS)("through %s, no provider is contacted for", (adapter, origin) => {
  test.each(BODIES)("%s", async (_, path, body, status) => {
    const { key } = await sharedCustomer;
    const before = await countReceived();
    const response = await post(origin, path, key, body);
    expect(response.status).toBe(status);
    const errorBody = (await response.json()) as { error: { message: string }; type?: string };
    expect(errorBody.error.message.length).toBeGreaterThan(10);
    if (path.startsWith("/v1/messages")) expect(errorBody.type).toBe("error");
    expect(response.headers.get("x-onekey-request-id")).toMatch(/^req_/);
    expect(await countReceived()).toBe(before);
  });

  test.each(PATHS)("%s", async (_, path, status) => {
    const { key } = await sharedCustomer;
    const before = await countReceived();
    const response = await fetch(`${origin}${path}`, {
      method: "POST",
      body: "{}",
      headers: { ...json, authorization: `Bearer ${key}` },
      redirect: "manual",
    });
    await response.text();
    if (adapter === "the Node server") expect(response.status).toBe(status);
    else expect(response.status).toBeGreaterThanOrEqual(300);
    expect(await countReceived()).toBe(before);
  });

  test("no key, a mistyped key and a foreign key", async () => {
    const before = await countReceived();
    const { key } = await sharedCustomer;
    const typo = `${key.slice(0, 20)}${key[20] === "a" ? "b" : "a"}${key.slice(21)}`;
    for (const wrongKey of ["", "sk-other", typo])
      expect((await chat(origin, wrongKey, { model: "gpt-6-luna", messages: [] })).status).toBe(
        401,
      );
    expect(await countReceived()).toBe(before);
  });

  test("a wrong method, which is a 405 that names the right one", async () => {
    const response = await fetch(`${origin}/v1/chat/completions`);
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("POST");
  });

  test("a body on GET", async () => {
    const { key } = await sharedCustomer;
    const before = await countReceived();
    for (const path of ["/v1/models", "/v1/credits", "/v1/responses/resp_1", "/v1beta/models"]) {
      const { status, text } = await getWithBody(`${origin}${path}`, key);
      expect({ path, status }).toEqual({ path, status: 400 });
      expect(text).toContain("takes no body");
    }
    expect((await getWithBody(`${origin}/v1/chat/completions`, key)).status).toBe(405);
    expect(await countReceived()).toBe(before);
  });

  test("a wrong content type", async () => {
    const { key } = await sharedCustomer;
    const response = await post(
      origin,
      "/v1/chat/completions",
      key,
      `{"model":"gpt-6-luna",${message}}`,
      {
        "content-type": "text/plain",
      },
    );
    expect(response.status).toBe(400);
  });

  test("a body over the cap", async () => {
    const { key } = await sharedCustomer;
    expect(await statusOfDeclaredBody(new URL(origin).host, key, 33 * 1024 * 1024)).toBe(413);
  });
});

const sharedCustomer = createCustomer({ credits: "1" });

/** The status for a body of which only the length is sent: the refusal does not wait for it, so no connection breaks. */
function statusOfDeclaredBody(address: string, key: string, length: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { ...json, authorization: `Bearer ${key}`, "content-length": length };
    const req = request(
      `http://${address}/v1/chat/completions`,
      { method: "POST", headers },
      (response) => {
        resolve(response.statusCode ?? 0);
        req.destroy();
      },
    );
    req.on("error", reject);
    req.flushHeaders();
  });
}

function getWithBody(address: string, key: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      ...json,
      authorization: `Bearer ${key}`,
      "content-length": 2,
      connection: "close",
    };
    const req = request(address, { method: "GET", headers }, (res) => {
      let text = "";
      res.on("data", (chunk) => (text += String(chunk)));
      res.on("end", () => resolve({ status: res.statusCode ?? 0, text }));
    });
    req.on("error", reject);
    req.end("{}");
  });
}

const raw = (text: string) =>
  new Promise<string>((resolve) => {
    const { hostname, port } = new URL(deployment.fast);
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let response = "";
    socket.on("data", (chunk) => (response += String(chunk)));
    socket.on("close", () => resolve(response));
    socket.on("error", () => resolve(response));
    setTimeout(() => socket.destroy(), 3_000);
  });

test("requests with both lengths, absolute targets or dotted paths reach no provider", async () => {
  const before = await countReceived();
  const host = "Host: x\r\nConnection: close\r\n";
  expect(
    await raw(
      `POST /v1/chat/completions HTTP/1.1\r\n${host}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ),
  ).toMatch(/^HTTP\/1.1 400/);
  expect(await raw(`GET http://elsewhere/v1/models HTTP/1.1\r\n${host}\r\n`)).toMatch(
    /^HTTP\/1.1 400/,
  );
  expect(
    await raw(`POST /v1/x/../chat/completions HTTP/1.1\r\n${host}Content-Length: 0\r\n\r\n`),
  ).toMatch(/^HTTP\/1.1 404/);
  expect(await countReceived()).toBe(before);
});
