import { expect, test } from "vitest";
import { retryUntilApplied } from "./retry-until-applied";

test("a conditional write is repeated until it applies, and null is a result", async () => {
  let attempts = 0;
  const result = await retryUntilApplied(3, async () => (++attempts < 3 ? undefined : null));
  expect([result, attempts]).toEqual([null, 3]);
});

test("after the last try the caller gets unavailable, and no further attempt is made", async () => {
  let attempts = 0;
  const outcome = retryUntilApplied(4, async () => {
    attempts++;
    return undefined;
  });
  await expect(outcome).rejects.toMatchObject({ code: "unavailable" });
  expect(attempts).toBe(4);
});

test("an error of an attempt is not retried", async () => {
  let attempts = 0;
  const outcome = retryUntilApplied(4, async () => {
    attempts++;
    throw new Error("no such project");
  });
  await expect(outcome).rejects.toThrow("no such project");
  expect(attempts).toBe(1);
});
