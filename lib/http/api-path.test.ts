import { expect, test } from "vitest";
import { findApiPath } from "./api-path";

const KEY = { authorization: "Bearer sk-onekey-1" };

test.each([
  ["/v1/chat/completions", "/v1/chat/completions"],
  ["/v1/chat/completions/", "/v1/chat/completions"],
  ["/chat/completions", "/v1/chat/completions"],
  ["/responses", "/v1/responses"],
  ["/responses/resp_1/input_items", "/v1/responses/resp_1/input_items"],
  ["/messages", "/v1/messages"],
  ["/messages/count_tokens/", "/v1/messages/count_tokens"],
  ["/embeddings", "/v1/embeddings"],
  ["/images/edits", "/v1/images/edits"],
  ["/audio/speech", "/v1/audio/speech"],
  ["/completions", "/v1/completions"],
  ["/v1/v1/messages", "/v1/messages"],
  [
    "/v1/v1beta/models/gemini-2.5-flash:generateContent",
    "/v1beta/models/gemini-2.5-flash:generateContent",
  ],
  ["/v1beta/v1beta/models", "/v1beta/models"],
  ["/v1beta/v1/models", "/v1/models"],
  ["/models/gemini-2.5-flash:generateContent", "/v1beta/models/gemini-2.5-flash:generateContent"],
  ["/v1beta/openai/chat/completions", "/v1/chat/completions"],
  ["/v1beta/openai/models/gemini-2.5-flash", "/v1/models/gemini-2.5-flash"],
  ["/v1beta/openai/files", "/v1/files"],
  [
    "/v1alpha/models/gemini-2.5-flash:generateContent",
    "/v1alpha/models/gemini-2.5-flash:generateContent",
  ],
  ["/v1", "/v1"],
  ["/v1/", "/v1"],
  ["/v1/unknown", "/v1/unknown"],
  ["/v2/chat", "/v2/chat"],
  ["/rerank", "/rerank"],
  ["/openai/deployments/x/chat/completions", "/openai/deployments/x/chat/completions"],
  ["/upload/v1beta/files", "/upload/v1beta/files"],
  ["/v1//chat/completions", "/v1//chat/completions"],
  ["/v1/chat%2fcompletions", "/v1/chat%2fcompletions"],
  ["/models", "/v1/models"],
  ["/models/gpt-4o-mini", "/v1/models/gpt-4o-mini"],
])("%s with a key means %s", (path, credentials) => {
  expect(findApiPath(path, KEY)).toBe(credentials);
});

test.each([
  "/",
  "/docs",
  "/models",
  "/models/gpt-4o-mini",
  "/v1x",
  "/chatter",
  "/api/health",
  "/dashboard/usage",
  "",
])("%s without a key is a page's", (path) => {
  expect(findApiPath(path, {})).toBeNull();
});

test("a path is given its version and loses a doubled one only once", () => {
  expect(findApiPath("/v1/v1/v1/messages", KEY)).toBe("/v1/v1/messages");
  expect(findApiPath("/chat/v1/completions", KEY)).toBe("/chat/v1/completions");
});
