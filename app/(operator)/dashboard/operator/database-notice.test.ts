import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { DatabaseNotice } from "./database-notice";

const textAt = (memoryPressure: number) =>
  renderToStaticMarkup(
    createElement(DatabaseNotice, {
      state: { memoryPressure, documents: 1_234_567, bytesOnDisk: 1 },
    }),
  ).replaceAll(/<[^>]+>/g, "");

test("the operator is warned before new requests are rejected, and then sees that they are", () => {
  expect(textAt(0.69)).toBe("");
  expect(textAt(0.7)).toContain("memory is 70 % full with 1,234,567 documents");
  expect(textAt(0.79)).not.toContain("rejected");
  expect(textAt(0.8)).toContain("New requests are rejected with 503");
});

test("with a MongoDB server there is no notice", () => {
  expect(renderToStaticMarkup(createElement(DatabaseNotice, { state: null }))).toBe("");
});
