import { expect, test } from "vitest";
import { costOf } from "@/lib/catalog/cost";
import { findModel } from "@/lib/catalog/queries";
import { NO_USAGE } from "@/lib/catalog/schema";
import { scanBody } from "../body-scan";
import { findRoute } from "../request/endpoints";
import { quoteCall } from "./quote";
import { at, quote } from "./quote-body";

const chat = "/v1/chat/completions";
const file = Buffer.alloc(3_000, 7).toString("base64");

test("images are held for at the tokens that the model bills them by, beyond its window too", async () => {
  const url = `data:image/png;base64,${file}`;
  const body = (imageCount: number) => ({
    model: "gpt-4o-mini",
    max_tokens: 1,
    messages: [
      {
        role: "user",
        content: Array.from({ length: imageCount }, () => ({
          type: "image_url",
          image_url: { url },
        })),
      },
    ],
  });
  const { rates } = await quote(chat, body(1));
  for (const imageCount of [1, 4]) {
    // 2,833 and 5,667 for each of up to eight tiles.
    const tokens = imageCount * (2_833 + 8 * 5_667);
    expect((await quote(chat, body(imageCount))).maxCost).toBeGreaterThanOrEqual(
      costOf({ rates, usage: { ...NO_USAGE, input: tokens } }),
    );
  }
  expect(findModel("gpt-4o-mini")?.context).toBeLessThan(4 * 48_169);
});

const form = async (type: string, bytes: number, id: string) => {
  const field = (name: string, fields: string, value: string | Buffer) =>
    Buffer.concat([
      Buffer.from(`--x\r\ncontent-disposition: form-data; name="${name}"${fields}\r\n\r\n`),
      Buffer.from(value),
      Buffer.from("\r\n"),
    ]);
  const body = Buffer.concat([
    field("model", "", id),
    field("file", `; filename="a.ogg"\r\ncontent-type: ${type}`, Buffer.alloc(bytes)),
    Buffer.from("--x--"),
  ]);
  const target = findRoute("POST", "/v1/audio/transcriptions", "openai");
  if (target.kind !== "forward") throw new Error("no route");
  const scan = await scanBody({
    endpoint: target.endpoint.name,
    body,
    contentType: "multipart/form-data; boundary=x",
  });
  return quoteCall({ scan, endpoint: target.endpoint, at });
};

test("an hour of speech at the least that an encoding takes is held completely, and expected to be a few minutes", async () => {
  const hour = await form("audio/ogg", (6_000 / 8) * 3_600, "whisper-1");
  const cost = (minutes: number) =>
    costOf({ rates: hour.rates, usage: { ...NO_USAGE, milliseconds: minutes * 60_000 } });
  expect(hour.maxCost).toBeGreaterThanOrEqual(cost(60));
  expect(hour.expectedCost).toBeLessThan(cost(10));
});

test("audio that is declared an image is held for as audio", async () => {
  const imageQuote = await form("image/png", 1_000, "gpt-4o-transcribe");
  expect(imageQuote.maxCost).toBeGreaterThanOrEqual(
    (await form("audio/ogg", 1_000, "gpt-4o-transcribe")).maxCost,
  );
});

test("an image is held for at the price of its quality and resolution", async () => {
  const path = "/v1/images/generations";
  const maxCost = async (model: string, fields = {}) =>
    (await quote(path, { model, prompt: "a", n: 2, ...fields })).maxCost;
  expect(await maxCost("grok-imagine-image-2.0")).toBe(2 * 60_000_000);
  expect(await maxCost("grok-imagine-image-2.0", { quality: "medium", resolution: "2k" })).toBe(
    2 * 80_000_000,
  );
  // Its provider serves this id by the other model at low quality.
  expect(await maxCost("grok-imagine-image-pro")).toBe(2 * 40_000_000);
  await expect(maxCost("grok-imagine-image-2.0", { resolution: "8k" })).rejects.toMatchObject({
    param: "resolution",
  });
});

test("spoken output is held for at its own rate", async () => {
  const spoken = await quote(chat, {
    model: "gpt-audio-1.5",
    max_completion_tokens: 1_000,
    messages: [],
  });
  expect(spoken.maxCost).toBeGreaterThanOrEqual(1_000 * 64_000);
});
