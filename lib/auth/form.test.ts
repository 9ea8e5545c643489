import { expect, test } from "vitest";
import { formOf } from "./form";

const form = "application/x-www-form-urlencoded";
const post = (body: BodyInit, type = form) =>
  new Request("http://127.0.0.1/", {
    method: "POST",
    body,
    headers: { "content-type": type },
    duplex: "half",
  } as RequestInit);

test("a form's fields are read, whatever its charset", async () => {
  const fields = await formOf(post("next=%2Fa%3Fb%3D1&name=M%C3%AFra", `${form};charset=UTF-8`));
  expect(Object.fromEntries(fields)).toEqual({ next: "/a?b=1", name: "Mïra" });
});

test("a body without an end is given up after 64 KiB", async () => {
  let requests = 0;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      requests += 16_384;
      controller.enqueue(new Uint8Array(16_384).fill(97));
    },
  });
  expect([...(await formOf(post(body)))]).toEqual([]);
  expect(requests).toBeLessThan(200_000);
});

test.each(["application/json", "multipart/form-data; boundary=x", "text/plain"])(
  "%s is no form",
  async (type) => {
    expect([...(await formOf(post("a=1", type)))]).toEqual([]);
  },
);

test("a request without a body has no fields", async () => {
  expect([...(await formOf(new Request("http://127.0.0.1/", { method: "POST" })))]).toEqual([]);
});
