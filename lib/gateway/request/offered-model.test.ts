import { expect, test } from "vitest";
import { offeredModel } from "./offered-model";

const at = new Date("2026-11-30T12:00:00Z");

const REFUSED: [string, string][] = [
  ["openai/gpt-4.1-mini", 'takes the id without a prefix. Send "gpt-4.1-mini".'],
  ["models/gemini-3.8-flash", 'Send "gemini-3.8-flash".'],
  ["claude-sonnet-4-5", "was retired on 2026-11-30. Send claude-sonnet-5-5 instead."],
  ["gpt-image-1", "was retired on 2026-10-23. Send gpt-image-2.5-sunburst instead."],
  ["claude-3-opus-20240229", "was retired on 2026-01-05. Send claude-opus-5-5 instead."],
  ["gpt-4.1-nanno", "does not exist. Did you mean"],
];

test.each(REFUSED)("%s is a 404 that says what to send", (id, message) => {
  let error: unknown;
  try {
    offeredModel(id, at);
  } catch (cause) {
    error = cause;
  }
  expect(error).toMatchObject({ code: "not_found", status: 404, param: "model" });
  expect(error).toHaveProperty("message", expect.stringContaining(message));
});

test("an id that is long or strange is not repeated", () => {
  expect(() => offeredModel("<script>", at)).toThrow("The model of the request does not exist.");
});

test("a replacement that has retired too leads to the one after it", () => {
  // gemini-3.1-flash-lite-preview was replaced by gemini-3.1-flash-lite, which ends on 7 May 2027.
  const later = new Date("2027-06-01T00:00:00Z");
  expect(() => offeredModel("gemini-3.1-flash-lite-preview", later)).toThrow(
    "Send gemini-3.5-flash-lite instead.",
  );
});

test("a redirect that is billed as the other model is priced as that model from its day on", () => {
  expect(offeredModel("gemini-2.5-pro", at).model.id).toBe("gemini-2.5-pro");
  expect(offeredModel("gemini-2.5-pro", new Date("2026-12-01T00:00:00Z")).model.id).toBe(
    "gemini-3.8-flash",
  );
});
