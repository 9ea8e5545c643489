import { describe, expect, test } from "vitest";
import type { EndpointName } from "@/lib/catalog/schema";
import { scanBody } from ".";

const field = (name: string, value: string, headers = "") =>
  `--x\r\nContent-Disposition: form-data; name="${name}"${headers}\r\n\r\n${value}\r\n`;
const file = (name = "file", content = "RIFF") =>
  `--x\r\ncontent-disposition: form-data; name="${name}"; filename="a.wav"\r\nContent-Type: audio/wav\r\n\r\n${content}\r\n`;
const scan = ({
  endpoint = "audio.transcriptions",
  body,
  contentType = "multipart/form-data; boundary=x",
}: {
  endpoint?: EndpointName;
  body: string;
  contentType?: string;
}) => scanBody({ endpoint, body: Buffer.from(body, "latin1"), contentType });
const model = field("model", "whisper-1");

test("a form's model is read before or after its file", async () => {
  const expectation = {
    model: "whisper-1",
    stream: true,
    responseFormat: "json",
    textBytes: 17,
    media: [{ kind: "audio", from: "inline", bytes: 4 }],
  };
  const fields = field("stream", "true") + field("response_format", "json");
  expect(await scan({ body: `${model}${fields}${file()}--x--\r\n` })).toMatchObject(expectation);
  expect(await scan({ body: `${file()}${fields}${model}--x--` })).toMatchObject(expectation);
});

test("what FormData sends is read, images too", async () => {
  const form = new FormData();
  form.set("model", "gpt-image-1");
  form.append("image[]", new Blob(["PNG1"], { type: "image/png" }), "a.png");
  form.append("image[]", new Blob(["PNG"], { type: "image/png" }), "b.png");
  for (const [name, value] of Object.entries({
    prompt: "a sea\r\n--x",
    n: "2",
    size: "auto",
    quality: "high",
  }))
    form.set(name, value);
  const request = new Response(form);
  const scanResult = await scanBody({
    endpoint: "images.edits",
    body: Buffer.from(await request.arrayBuffer()),
    contentType: request.headers.get("content-type") ?? "",
  });
  expect(scanResult).toMatchObject({
    model: "gpt-image-1",
    choices: 2,
    size: "auto",
    quality: "high",
    media: [
      { kind: "image", bytes: 4 },
      { kind: "image", bytes: 3 },
    ],
  });
});

test("a quoted boundary, and content that looks nearly like one", async () => {
  const body = `--a b\r\nContent-Disposition: form-data; name=model\r\n\r\nm\r\n--a b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n\r\n--a \r\n--\r\n--a b--\r\n`;
  expect(await scan({ body, contentType: 'multipart/form-data; boundary="a b"' })).toMatchObject({
    model: "m",
    media: [{ bytes: 10 }],
  });
});

describe("a form is refused", () => {
  const end = "--x--\r\n";
  const REFUSED: [string, string, RegExp][] = [
    ["with its model twice", model + model + end, /given twice/],
    ["without a model", file() + end, /model is missing/],
    ["with an empty model", field("model", "") + end, /model is missing/],
    ["with a model as a file", field("model", "m", '; filename="m"') + end, /plain field/],
    ["with an escaped name", field("mod%65l", "m") + model + end, /without escapes/],
    ["with a backslash in a name", field("mod\\el", "m") + model + end, /without escapes/],
    ["with a stored file", model + field("file_id", "f") + end, /stored/],
    ["with a stored file of a list", model + field("image[0][file_id]", "f") + end, /stored/],
    ["with n of zero", model + field("n", "0") + end, /n must be/],
    ["with a stream that is neither", model + field("stream", "1") + end, /stream must be/],
    ["that is cut off", model + file().slice(0, -6), /last boundary is missing/],
    ["with another boundary", model.replaceAll("--x", "--y") + end, /does not begin/],
    ["with line feeds only", (model + end).replaceAll("\r\n", "\n"), /boundary|separate line/],
    ["with something after its end", `${model}${end}${model}`, /follows its last/],
    [
      "with two names in a part",
      `--x\r\nContent-Disposition: form-data; name="a"; name="model"\r\n\r\nm\r\n${end}`,
      /named twice/,
    ],
    [
      "with an extended name",
      `--x\r\nContent-Disposition: form-data; name*=utf-8''model\r\n\r\nm\r\n${end}`,
      /named twice/,
    ],
    [
      "with a header in two lines",
      `--x\r\nContent-Disposition: form-data;\r\n name="model"\r\n\r\nm\r\n${end}`,
      /one line/,
    ],
    [
      "with a header twice",
      `--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Disposition: form-data; name="model"\r\n\r\nm\r\n${end}`,
      /given twice/,
    ],
    [
      "with a transfer encoding",
      `--x\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: form-data; name="model"\r\n\r\nbQ==\r\n${end}`,
      /transfer-encoding/,
    ],
    ["with too many parts", field("a", "b").repeat(101) + model + end, /more than 100/],
  ];
  test.each(REFUSED)("%s", async (_, body, message) => {
    await expect(scan({ body })).rejects.toMatchObject({
      status: 400,
      message: expect.stringMatching(message),
    });
  });

  test.each([
    "multipart/form-data",
    "multipart/form-data; boundary=",
    'multipart/form-data; boundary="a"; boundary=x',
    `multipart/form-data; boundary=${"x".repeat(71)}`,
  ])("of content type %s", async (contentType) => {
    await expect(scan({ body: model + end, contentType })).rejects.toMatchObject({
      status: 400,
      message: expect.stringMatching(/one boundary/),
    });
  });
});
