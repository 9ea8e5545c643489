import { expect, test } from "vitest";
import { endOfWindow, monthKey, startOfWindow } from "./windows";

const at = (text: string) => Date.parse(`${text}Z`);
const DAY_MS = 86_400_000;

/** The first instant of each window, before and at its edge. */
test.each([
  ["day", "2026-11-30T23:59:59.999", "2026-11-30T00:00", "2026-12-01T00:00"],
  ["day", "2026-12-01T00:00:00.000", "2026-12-01T00:00", "2026-12-02T00:00"],
  ["week", "2026-11-29T23:59:59.999", "2026-11-23T00:00", "2026-11-30T00:00"],
  ["week", "2026-11-30T00:00:00.000", "2026-11-30T00:00", "2026-12-07T00:00"],
  ["week", "2027-01-03T23:59:59.999", "2026-12-28T00:00", "2027-01-04T00:00"],
  ["month", "2026-11-30T23:59:59.999", "2026-11-01T00:00", "2026-12-01T00:00"],
  ["month", "2026-12-31T23:59:59.999", "2026-12-01T00:00", "2027-01-01T00:00"],
  ["month", "2028-02-29T12:00:00.000", "2028-02-01T00:00", "2028-03-01T00:00"],
  ["requests", "2026-11-30T23:59:59.999", "2026-11-30T23:59", "2026-12-01T00:00"],
] as const)("the %s of %s is from %s to %s", (window, instant, start, end) => {
  expect(startOfWindow(window, at(instant))).toBe(at(start));
  expect(endOfWindow(window, at(instant))).toBe(at(end));
});

test("windows of ten years follow each other without a gap, and weeks begin on Mondays", () => {
  for (const window of ["day", "week", "month"] as const) {
    let start = startOfWindow(window, at("2024-01-01T00:00"));
    while (start < at("2034-01-01T00:00")) {
      const end = endOfWindow(window, start) ?? 0;
      expect(end - start).toBeGreaterThanOrEqual(DAY_MS);
      for (const instant of [start, start + 1, end - 1]) {
        expect(startOfWindow(window, instant)).toBe(start);
        expect(endOfWindow(window, instant)).toBe(end);
      }
      if (window === "week") expect(new Date(start).getUTCDay()).toBe(1);
      if (window === "month")
        expect(monthKey(end - 1)).toBe(new Date(start).toISOString().slice(0, 7));
      start = end;
    }
  }
});
