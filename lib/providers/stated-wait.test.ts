import { expect, test } from "vitest";
import type { ErrorEnvelope, ResponseHeaders } from "./schema";
import { durationMs, statedWait } from "./stated-wait";

const envelope: ErrorEnvelope = { message: "", type: "", code: "", param: "", details: [] };
const waitOf = (headers: ResponseHeaders, message = "") =>
  statedWait({ status: 429, headers, envelope: { ...envelope, message } });

const DATE = "Mon, 02 Nov 2026 10:00:00 GMT";

test.each<[ResponseHeaders, number | null]>([
  [{ "retry-after": "5" }, 5_000],
  [{ "retry-after": "0" }, 0],
  [{ "retry-after": "0.25" }, 250],
  [{ "retry-after": " 7 " }, 7_000],
  [{ "retry-after": "1e3" }, null],
  [{ "retry-after": "-1" }, null],
  [{ "retry-after": "soon" }, null],
  [{ "retry-after": "" }, null],
  [{ "retry-after": ["3", "9"] }, 3_000],
  [{ "retry-after": "99999999999" }, null],
  [{ "retry-after-ms": "1500" }, 1_500],
  [{ "retry-after-ms": "12.5" }, 13],
  [{ "retry-after-ms": "x", "retry-after": "2" }, 2_000],
  [{ "retry-after": "Mon, 02 Nov 2026 10:01:00 GMT", date: DATE }, 60_000],
  [{ "retry-after": "Monday, 02-Nov-26 10:00:30 GMT", date: DATE }, 30_000],
  [{ "retry-after": "Mon, 02 Nov 2026 09:00:00 GMT", date: DATE }, 0],
  [{ "retry-after": "2026" }, 2_026_000],
  [{ "anthropic-ratelimit-requests-remaining": "0" }, null],
  [
    {
      "anthropic-ratelimit-requests-remaining": "0",
      "anthropic-ratelimit-requests-reset": "2026-11-02T10:00:09Z",
      date: DATE,
    },
    9_000,
  ],
  [{ "x-ratelimit-remaining-requests": "5", "x-ratelimit-reset-requests": "1s" }, null],
  [{ "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1m2.5s" }, 62_500],
])("%j is a wait of %s ms", (headers, wait) => {
  expect(waitOf(headers)).toBe(wait);
});

test.each<[string, number | null]>([
  ["Please try again in 1.2s. Visit the page.", 1_200],
  ["Please try again in 6m0s.", 360_000],
  ["Try again in 644ms.", 644],
  ["Please retry in 48.2s.", 48_200],
  ["Please retry after 20 seconds.", 20_000],
  ["Try again in 1 minute and 5 seconds", 65_000],
  ["try again in 2 hours", 7_200_000],
  ["Please try again later.", null],
  ["Try again in a moment.", null],
  ["Used 1.2s of 5s", null],
])("%s is a wait of %s ms", (message, wait) => {
  expect(waitOf({}, message)).toBe(wait);
});

test("a duration is a number with a unit, once or more", () => {
  expect(["48s", "1h2m3.5s", "250ms", "1d"].map(durationMs)).toEqual([
    48_000, 3_723_500, 250, 86_400_000,
  ]);
  expect(["", "5", "s", "5 s", "5x", "-5s"].map(durationMs)).toEqual(Array(6).fill(null));
});
