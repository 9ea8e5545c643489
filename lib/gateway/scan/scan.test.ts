import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EndpointName } from "@/lib/catalog/schema";
import { scanBody } from ".";
import { createJsonScan } from "./json";

const scan = (
  endpoint: EndpointName,
  body: string | Buffer,
  more: { contentType?: string; contentEncoding?: string; pathModel?: string } = {},
) => scanBody({ endpoint, body: Buffer.from(body), contentType: "application/json", ...more });

test("a JSON text passes exactly when JSON.parse takes it, over 20,000 mutated texts", () => {
  const accepts = (text: string) => {
    try {
      createJsonScan({ body: Buffer.from(text), place: {}, draft: null })();
      return true;
    } catch {
      return false;
    }
  };
  const parses = (text: string) => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  let checked = 0;
  const text = fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue()).map((value) => JSON.stringify(value));
  const mutated = fc
    .tuple(
      text,
      fc.nat(),
      fc.constantFrom("", '"', "\\", ",", "{", "]", "0", "-", "e", ".", " ", "\t", "\u0001", "\\u12", "tru", "ü"),
    )
    .map(([json, at, piece]) => {
      const place = at % (json.length + 1);
      return json.slice(0, place) + piece + json.slice(place + (at % 2));
    });
  fc.assert(
    fc.property(fc.oneof(text, mutated), (json) => {
      checked++;
      // A lone surrogate is not text in UTF-8, so both see the replacement character.
      const sent = Buffer.from(json).toString("utf8");
      expect(accepts(sent)).toBe(parses(sent));
    }),
    { numRuns: 20_000 },
  );
  console.log(`${checked} texts checked against JSON.parse`);
});

test("the fields that route and price a request are found, nested limits too", async () => {
  expect(
    await scan(
      "chat.completions",
      '{"model":"m","stream":true,"n":2,"max_tokens":5,"max_completion_tokens":9,"stream_options":{"include_usage":true},"service_tier":"flex"}',
    ),
  ).toMatchObject({ model: "m", stream: true, choices: 2, outputLimit: 9, includeUsage: true, serviceTier: "flex" });
  expect(
    await scan("gemini.generateContent", '{"generationConfig":{"maxOutputTokens":7,"candidateCount":3}}', {
      pathModel: "g",
    }),
  ).toMatchObject({ model: "g", outputLimit: 7, choices: 3 });
  expect(
    await scan(
      "responses",
      '{"model":"m","max_output_tokens":7,"previous_response_id":"resp_1","input":[{"type":"item_reference","id":"msg_1"},{"id":"rs_1"}],"tools":[{"type":"web_search"}]}',
    ),
  ).toMatchObject({ previousResponseId: "resp_1", itemReferences: ["msg_1", "rs_1"], tools: ["web_search"] });
  expect(await scan("chat.completions", gzipSync('{"model":"m"}'), { contentEncoding: "gzip" })).toMatchObject({
    model: "m",
  });
});

const REFUSED: [EndpointName, string][] = [
  ["chat.completions", '{"model":"a","model":"b"}'],
  ["chat.completions", '{"mod\\u0065l":"a"}'],
  ["chat.completions", '{"model":"\\u0061"}'],
  ["chat.completions", '{"model":["a"]}'],
  ["chat.completions", '{"model":"a","stream":"yes"}'],
  ["chat.completions", '{"model":"a","n":0}'],
  ["chat.completions", '{"model":"a","max_tokens":1.5}'],
  ["chat.completions", '{"model":"a","max_tokens":-1}'],
  ["chat.completions", '{"model":"a","messages":[{"content":[{"type":"file","file":{"file_id":"f"}}]}]}'],
  ["responses", '{"model":"a","conversation":{"id":"c"}}'],
  ["responses", '{"model":"a","prompt":{"id":"p"}}'],
  ["responses", '{"model":"a","background":true}'],
  ["responses", '{"model":"a","tools":[{"type":"file_search","vector_store_ids":["v"]}]}'],
  ["responses", '{"model":"a","tools":[{"type":"code_interpreter","container":"c"}]}'],
  ["messages", '{"model":"a","container":"c"}'],
  ["messages", '{"model":"a","container":{"id":"c"}}'],
  ["gemini.generateContent", '{"contents":[{"parts":[{"fileData":{"fileUri":"u"}}]}]}'],
  ["gemini.generateContent", '{"cachedContent":"c"}'],
  ["gemini.generateContent", '{"cached\\u0043ontent":"c"}'],
];

test.each(REFUSED)("%s refuses %s", async (endpoint, body) => {
  await expect(scan(endpoint, body, endpoint.startsWith("gemini") ? { pathModel: "g" } : {})).rejects.toMatchObject({
    status: 400,
  });
});

test("a tool's own schema and arguments may use any name", async () => {
  await scan(
    "chat.completions",
    '{"model":"m","tools":[{"type":"function","function":{"name":"f","parameters":{"properties":{"file_id":{"type":"string"}}}}}]}',
  );
  await scan(
    "messages",
    '{"model":"m","messages":[{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{"file_id":"x"}}]}],"tools":[{"name":"f","input_schema":{"properties":{"container":{}}}}]}',
  );
  await scan(
    "gemini.generateContent",
    '{"contents":[{"parts":[{"functionCall":{"name":"f","args":{"fileUri":"x"}}}]}]}',
    { pathModel: "g" },
  );
});

describe("media", () => {
  test("an inline image is counted by its kind, not as text", async () => {
    const data = "A".repeat(40_000);
    const found = await scan(
      "chat.completions",
      `{"model":"m","messages":[{"content":[{"image_url":{"url":"data:image/png;base64,${data}"}}]}]}`,
    );
    expect(found.textBytes).toBeLessThan(200);
    expect(found.media).toMatchObject([{ kind: "image", from: "inline" }]);
  });

  test("a 5 MB image: the time the scan takes is printed", async () => {
    const body = Buffer.from(
      `{"model":"m","messages":[{"content":[{"image_url":{"url":"data:image/png;base64,${"A".repeat(5_000_000)}"}}]}]}`,
    );
    await scan("chat.completions", body);
    const startedAt = performance.now();
    await scan("chat.completions", body);
    console.log(`a body of 5 MB is scanned in ${(performance.now() - startedAt).toFixed(2)} ms`);
  });

  test("a form's model is found beside its file, and a doubled one refused", async () => {
    const form = (fields: string) =>
      Buffer.from(
        `${fields}--x\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\nContent-Type: audio/wav\r\n\r\nRIFF\r\n--x--\r\n`,
      );
    const field = '--x\r\nContent-Disposition: form-data; name="model"\r\n\r\nwhisper-1\r\n';
    const contentType = "multipart/form-data; boundary=x";
    expect(await scan("audio.transcriptions", form(field), { contentType })).toMatchObject({
      model: "whisper-1",
      media: [{ kind: "audio", bytes: 4 }],
    });
    await expect(scan("audio.transcriptions", form(field + field), { contentType })).rejects.toMatchObject({
      status: 400,
    });
  });
});
