import { describe, expect, test } from "vitest";
import {
  formatCount,
  formatDay,
  formatDuration,
  formatRemaining,
  formatSize,
  formatTime,
  formatUsd,
  gridStep,
  splitUsd,
} from "./format";

describe("what people read", () => {
  test.each([
    [4_000_000_000, "$4.00"],
    [75_000_000, "$0.075"],
    [1_234_560_000_000, "$1,234.56"],
    [-4_070_358_000, "−$4.070358"],
    [1, "$0.000000001"],
    [0, "$0.00"],
  ])("%d nano-credits are %s", (amount, text) => {
    expect(formatUsd(amount)).toBe(text);
  });

  test("a balance keeps six places and all digits after them", () => {
    expect(splitUsd(87_931_248_000)).toEqual({ sign: "", dollars: "87", part: "931248" });
    expect(splitUsd(50_000_000_001)).toEqual({ sign: "", dollars: "50", part: "000000001" });
  });

  test("counts, sizes, days, times and durations", () => {
    expect(formatCount(1_234_567)).toBe("1,234,567");
    expect([1_050_000, 1_000_000, 272_000, 65_536, 500].map(formatSize)).toEqual([
      "1.05M",
      "1M",
      "272K",
      "66K",
      "500",
    ]);
    const at = new Date("2026-11-24T14:32:01Z");
    expect([formatDay(at), formatTime(at)]).toEqual(["24 Nov 2026", "14:32:01"]);
    expect([180, 2400, 59_960, 95_000].map(formatDuration)).toEqual([
      "180 ms",
      "2.4 s",
      "1 min 0 s",
      "1 min 35 s",
    ]);
    const minute = 60_000;
    expect(
      [7 * 1_440, 2_880, 2_879, 1_439.9, 60, 59, 0.5, -3].map((n) => formatRemaining(n * minute)),
    ).toEqual([
      "7 days",
      "2 days",
      "47 h 59 min",
      "23 h 59 min",
      "1 h 0 min",
      "59 min",
      "0 min",
      "0 min",
    ]);
  });
});

test.each([
  [6_180_000_000, 3, 2_000_000_000],
  [4_270_000_000, 2, 2_000_000_000],
  [7, 3, 2],
  [0, 3, 1],
  [78_000_000, 3, 20_000_000],
  [4_000_000_000, 3, 2_000_000_000],
  [1_250_000, 3, 500_000],
])("the grid under a bar of %i in %i steps is %i", (highest, steps, step) => {
  expect(gridStep(highest, steps)).toBe(step);
});
