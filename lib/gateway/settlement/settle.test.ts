import { expect, test } from "vitest";
import { totalInput } from "@/lib/catalog/cost";
import { NO_USAGE, type Usage } from "@/lib/catalog/schema";
import { tokensOf } from "./settle";

test("the row's counts hold every token of every kind", () => {
  const usage: Usage = {
    ...NO_USAGE,
    input: 1,
    inputAudio: 10,
    inputImage: 100,
    cacheRead: 2,
    cacheReadAudio: 20,
    cacheReadImage: 200,
    cacheWrite5m: 3,
    cacheWrite1h: 4,
    output: 5,
    outputAudio: 50,
    outputImage: 500,
    reasoning: 4,
  };
  const tokens = tokensOf(usage);
  expect(tokens).toEqual({
    input: 111,
    cacheRead: 222,
    cacheWrite5m: 3,
    cacheWrite1h: 4,
    output: 555,
    reasoning: 4,
  });
  const { input, cacheRead, cacheWrite5m, cacheWrite1h } = tokens;
  expect(input + cacheRead + cacheWrite5m + cacheWrite1h).toBe(totalInput(usage));
});
