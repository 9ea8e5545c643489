import { expect, test } from "vitest";
import { findModel } from "@/lib/catalog/queries";
import { NO_USAGE } from "@/lib/catalog/schema";
import { costOf } from "@/lib/catalog/cost";
import { findRoute } from "../request/endpoints";
import { estimateUsage } from "../meter/estimate";
import { createUsageReader } from "../meter/reader";
import { quoteCall } from "./quote";
import { scanBody } from "../body-scan";

type Size = [width: number, height: number];

function png([width, height]: Size): Buffer {
  const head = Buffer.alloc(400);
  head.write("89504e470d0a1a0a0000000d49484452", "hex");
  head.writeUInt32BE(width, 16);
  head.writeUInt32BE(height, 20);
  return head;
}

/** A camera's: what it noted and a small preview come before the size. */
function jpeg([width, height]: Size): Buffer {
  const metadata = Buffer.alloc(40_000, 1);
  metadata.writeUInt32BE(0xffe19c3e, 0);
  const size = Buffer.from("ffc2001108000000000301110002110103110100", "hex");
  size.writeUInt16BE(height, 5);
  size.writeUInt16BE(width, 7);
  return Buffer.concat([
    Buffer.from("ffd8", "hex"),
    metadata,
    size.subarray(0, 19),
    Buffer.from("ffda000c", "hex"),
    Buffer.alloc(99),
  ]);
}

function webp([width, height]: Size): Buffer {
  const head = Buffer.alloc(400);
  head.write("RIFF0000WEBPVP8X", "latin1");
  head.writeUIntLE(width - 1, 24, 3);
  head.writeUIntLE(height - 1, 27, 3);
  return head;
}

const url = (image: Buffer, type = "image/png") =>
  `data:${type};base64,${image.toString("base64")}`;
const imagePart = (image: string, detail?: string) => ({
  type: "image_url",
  image_url: { url: image, ...(detail ? { detail } : {}) },
});

async function both(model: string, part: object, path = "/v1/chat/completions", text?: string) {
  const target = findRoute("POST", path, "openai");
  const catalogModel = findModel(model);
  if (target.kind !== "forward" || !catalogModel) throw new Error("no route or model");
  const turns = [{ role: "user", content: [part] }];
  const body = Buffer.from(
    JSON.stringify(
      path.endsWith("responses")
        ? { model, max_output_tokens: 16, input: turns }
        : { model, max_completion_tokens: 16, stream: true, messages: turns },
    ).replace('"PART"', () => text ?? ""),
  );
  const endpoint = target.endpoint;
  const scan = await scanBody({ endpoint: endpoint.name, body, contentType: "application/json" });
  const quote = quoteCall({ scan, endpoint, at: new Date("2026-11-24T12:00:00Z") });
  const reader = createUsageReader({
    endpoint: endpoint.name,
    provider: "openai",
    contentType: "text/event-stream",
  });
  const usage = await estimateUsage({
    model: catalogModel,
    endpoint: endpoint.name,
    reader,
    startedAt: performance.now(),
    scan,
  });
  const cost = (input: number) => costOf({ rates: quote.rates, usage: { ...NO_USAGE, input } });
  return { maxCost: quote.maxCost, estimated: usage.input, cost };
}

const large: Size = [6_400, 4_800];
const small: Size = [1_024, 1_024];
const FULL = 30_000 * 1.2;
const SHOWN: [string, string, object, number][] = [
  ["a large one as it is, which is the default", "gpt-6-astra", imagePart(url(png(large))), FULL],
  ["the same from a camera", "gpt-5.6-sol", imagePart(url(jpeg(large), "image/jpeg")), FULL],
  ["the same as WebP", "gpt-6.1-sol", imagePart(url(webp(large), "image/webp")), FULL],
  ["a small one", "gpt-6-astra", imagePart(url(jpeg(small))), 1_229],
  ["a large one at high detail", "gpt-6-astra", imagePart(url(png(large)), "high"), 3_000],
  ["a large one at low detail", "gpt-6-astra", imagePart(url(png(large)), "low"), 308],
  ["a large one at gpt-5.5", "gpt-5.5", imagePart(url(png(large))), 12_000],
  ["a large one at gpt-5.4", "gpt-5.4", imagePart(url(png(large))), 3_000],
  ["the same in full", "gpt-5.4", imagePart(url(png(large)), "original"), 12_000],
  ["eight tiles", "gpt-4o-mini", imagePart(url(png([4_000, 1_536]))), 2_833 + 8 * 5_667],
  ["four tiles", "gpt-4o-mini", imagePart(url(png(small))), 2_833 + 4 * 5_667],
];

test.each(SHOWN)(
  "an image is held and charged for by its size: %s",
  async (_, model, part, tokens) => {
    const { maxCost, estimated: inputTokens, cost } = await both(model, part);
    expect(maxCost).toBeGreaterThanOrEqual(cost(tokens));
    expect(inputTokens).toBeGreaterThanOrEqual(tokens);
    expect(inputTokens).toBeLessThan(tokens + 500);
  },
);

test("an image of the Responses API counts by the detail next to its URL", async () => {
  const part = { type: "input_image", image_url: url(png(large)) };
  expect(
    (await both("gpt-6-astra", { ...part, detail: "high" }, "/v1/responses")).estimated,
  ).toBeLessThan(4_000);
  expect((await both("gpt-6-astra", part, "/v1/responses")).estimated).toBeGreaterThanOrEqual(FULL);
});

const big = url(png(large));
test.each([
  [
    "of two details the finer counts",
    { image_url: { url: big, detail: "low" }, type: "image_url" },
    '"low"',
    '"low","detail":"auto"',
  ],
  [
    "a detail next to an image that has a field for it is ignored",
    { ...imagePart(big), detail: "low" },
    "",
    "",
  ],
  [
    "a detail next to two images applies to neither",
    imagePart(big, "low"),
    '"image_url":{',
    '"image_url":{"url":"","url":"' + big + '"},"image_url":{',
  ],
])("no image is held for at less than its detail costs: %s", async (_, part, from, to) => {
  const text = JSON.stringify(part).replace(from, to);
  const billed = { toJSON: () => "PART" };
  expect(
    (await both("gpt-6-astra", billed, "/v1/chat/completions", text)).estimated,
  ).toBeGreaterThanOrEqual(FULL);
});

test("a detail counts only for its own part", async () => {
  const item = (content: object) => ({ role: "user", content: [content] });
  const imageSize = {
    type: "image_generation_call",
    id: "ig_1",
    result: png(large).toString("base64"),
  };
  const input = [
    item({ type: "input_image", image_url: url(png(small)), detail: "low" }),
    imageSize,
    { type: "function_call_output", call_id: "c", output: [] },
  ];
  const body = Buffer.from(JSON.stringify({ model: "gpt-6-astra", input }));
  const scan = await scanBody({ endpoint: "responses", body, contentType: "application/json" });
  expect(scan.media.map(({ detail }) => detail)).toEqual(["low", undefined]);
});

test("an image whose head does not state its size is held for at the maximum, and charged at what is usual", async () => {
  const {
    maxCost,
    estimated: inputTokens,
    cost,
  } = await both("gpt-6-astra", imagePart(url(Buffer.from("GIF89a".padEnd(99)), "image/gif")));
  expect(maxCost).toBeGreaterThanOrEqual(cost(FULL));
  expect(inputTokens).toBeLessThan(4_000);
});
