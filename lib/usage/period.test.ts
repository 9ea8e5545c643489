import { describe, expect, test } from "vitest";
import { periodOf } from "./period";

const NOW = Date.UTC(2026, 10, 24, 14, 32, 1);
const day = (text: string) => new Date(`${text}T00:00:00Z`);

test("a range ends with today", () => {
  expect(periodOf({ range: "1" }, NOW)).toEqual({ from: day("2026-11-24"), to: day("2026-11-24") });
  expect(periodOf({ range: "30" }, NOW)).toEqual({
    from: day("2026-10-26"),
    to: day("2026-11-24"),
  });
  expect(periodOf({ range: "90" }, NOW)).toEqual({
    from: day("2026-08-27"),
    to: day("2026-11-24"),
  });
});

test("custom days are taken as they are; a missing one gets its default", () => {
  const query = { range: "custom", from: "2026-08-27", to: "2026-09-01" } as const;
  expect(periodOf(query, NOW)).toEqual({ from: day("2026-08-27"), to: day("2026-09-01") });
  expect(periodOf({ range: "custom", to: "2026-11-01" }, NOW)).toEqual({
    from: day("2026-10-26"),
    to: day("2026-11-01"),
  });
});

describe("invalid days are reported", () => {
  test.each([
    [{ from: "yesterday" }, /"yesterday" is not a day/],
    [{ from: "2026-02-30" }, /not a day/],
    [{ from: "+12026-01-01" }, /not a day/],
    [{ to: "9999-12-31" }, /31 Dec 9999 is still to come: today is 24 Nov 2026/],
    [{ from: "0001-01-01" }, /the first day can be 27 Aug 2026/],
    [{ from: "2026-08-26" }, /the first day can be 27 Aug 2026/],
    [{ from: "2026-11-20", to: "2026-11-19" }, /is after the last/],
  ])("%j", (query, says) => {
    expect(() => periodOf({ range: "custom", ...query }, NOW)).toThrow(says);
  });
});
