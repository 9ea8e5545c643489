import { describe, expect, test } from "vitest";
import { createCustomer, ADAPTERS } from "../support/shared-deployment";

const sharedCustomer = createCustomer({ credits: "1" });
const message = [{ role: "user", content: "Hello" }];
const CHAT = { model: "gpt-6-luna", max_tokens: 20, messages: message };
const CLAUDE = { ...CHAT, model: "claude-sonnet-5-5" };
const GEMINI = { contents: [{ parts: [{ text: "Hello" }] }] };

describe.each(ADAPTERS)("through %s", (adapter, origin) => {
  const send = async (path: string, init: RequestInit = {}) => {
    const { key } = await sharedCustomer;
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    return fetch(`${origin}${path}`, { ...init, headers: { ...headers, ...init.headers } });
  };
  const post = (path: string, body: unknown) =>
    send(path, { method: "POST", body: JSON.stringify(body) });

  test.each([
    ["/chat/completions", CHAT],
    ["/v1/v1/chat/completions", CHAT],
    ["/v1/chat/completions/", CHAT],
    ["/v1beta/openai/chat/completions", CHAT],
    ["/messages", CLAUDE],
    ["/v1/v1/messages", CLAUDE],
    ["/v1/v1beta/models/gemini-3.8-flash:generateContent", GEMINI],
    ["/v1alpha/models/gemini-3.8-flash:generateContent", GEMINI],
  ])("POST %s is served", async (path, body) => {
    const response = await post(path, body);
    expect({ status: response.status, text: await response.text() }).toMatchObject({ status: 200 });
  });

  test("GET and HEAD of model lists are served, with and without a version", async () => {
    for (const path of ["/v1/models", "/models", "/v1/models/", "/v1/models/gpt-6-luna"])
      for (const method of ["GET", "HEAD"]) {
        const response = await send(path, { method });
        expect([path, method, response.status]).toEqual([path, method, 200]);
        expect(response.headers.get("content-type")).toBe("application/json");
        await response.text();
      }
  });

  test("the page of all models is still a page for readers without a key", async () => {
    const response = await fetch(`${origin}/models`);
    expect(response.headers.get("content-type")).toContain("text/html");
    await response.text();
  });

  test("a preflight request is a 204 with the providers' headers", async () => {
    for (const path of ["/v1/chat/completions", "/chat/completions", "/v1beta/models"]) {
      const response = await fetch(`${origin}${path}`, {
        method: "OPTIONS",
        headers: {
          origin: "https://app.example",
          "access-control-request-method": "POST",
          "access-control-request-headers": "authorization",
        },
      });
      expect([path, response.status]).toEqual([path, 204]);
      expect(response.headers.get("access-control-allow-origin")).toBe("*");
      expect(response.headers.get("access-control-allow-headers")).toBe("authorization");
    }
  });

  test("an unknown path of the API is JSON that says what to call", async () => {
    for (const path of ["/v1/completions", "/v1/chat/completion", "/v1beta/interaction"]) {
      const response = await post(path, CHAT);
      expect([path, response.status]).toEqual([path, 404]);
      const { error } = (await response.json()) as { error: { message: string } };
      expect(error.message).toContain("POST /v1");
      expect(response.headers.get("x-should-retry")).toBe("false");
    }
    // Next has no route for these: there its page says that there is nothing.
    if (adapter !== "the Node server") return;
    for (const path of ["/rerank", "/v2/chat", "/openai/deployments/x/chat/completions"]) {
      const response = await post(path, CHAT);
      expect([path, response.status]).toEqual([path, 404]);
      expect(response.headers.get("content-type")).toBe("application/json");
      await response.text();
    }
  });
});
