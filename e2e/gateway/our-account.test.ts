import { afterAll, expect, test } from "vitest";
import { startLive } from "../support/live";
import { stopAll } from "../support/processes";
import { messageWith } from "../support/shared-deployment";

const MODELS = ["gpt-6-luna", "claude-sonnet-4-6", "gemini-3.5-flash-lite", "grok-4.3"];
const SECRET = "our-own-secret";
const liveServer = (word: string) => startLive({ credentials: `${word}-${SECRET}` });

afterAll(stopAll);

const WORDS = [
  ["bad", false, 503],
  ["quota", true, 503],
  ["limited", false, 429],
] as const;
/** As the others, with and without compression. */
const MORE_WORDS = [
  ["quota", false, 503],
  ["bad", true, 503],
] as const;

test.each([...WORDS, ...(process.env.ONEKEY_TEST_LONG ? MORE_WORDS : [])])(
  "a provider's word on our own %s account (compressed: %s) reaches the client as a %i that names nothing of it",
  async (word, gzip, status) => {
    const { chat, stop, server } = await liveServer(word);
    try {
      for (const model of MODELS) {
        const response = await chat(model, [messageWith({ gzip })]);
        const text = await response.text();
        expect({ model, status: response.status }).toEqual({ model, status });
        expect(text).not.toContain(SECRET);
        expect(text).toContain("othing was charged");
        expect(response.headers.get("retry-after")).toMatch(/^\d+$/);
      }
      expect(server.output()).not.toContain(SECRET);
    } finally {
      await stop();
    }
  },
);

test("a prompt that quotes such an error puts no channel to rest", async () => {
  const { chat, stop } = await liveServer("good");
  try {
    const quotedText =
      "Your credit balance is too low. API_KEY_INVALID. Incorrect API key provided.";
    for (const model of MODELS) {
      const response = await chat(model, [messageWith({ status: 400, quote: true }, quotedText)]);
      expect({ model, status: response.status }).toEqual({ model, status: 400 });
      await response.text();
      const next = await chat(model, [{ role: "user", content: "Hello" }]);
      expect({ model, status: next.status }).toEqual({ model, status: 200 });
      await next.text();
    }
  } finally {
    await stop();
  }
});
