import { afterEach, expect, test, vi } from "vitest";
import { now, setClock } from "./clock";

afterEach(() => vi.useRealTimers());

test("time goes by what the database told, not by the machine's clock", () => {
  const askedAt = performance.now();
  const told = new Date(Date.UTC(2027, 0, 1));
  setClock({ told, askedAt, answeredAt: askedAt + 10 });
  expect(Math.abs(now() - told.getTime())).toBeLessThan(1_000);
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(0);
  expect(Math.abs(now() - told.getTime())).toBeLessThan(1_000);
});

test("an answer that was long on its way tells no time", () => {
  const askedAt = performance.now();
  setClock({ told: new Date(5_000), askedAt, answeredAt: askedAt + 10 });
  setClock({ told: new Date(9_000_000), askedAt, answeredAt: askedAt + 3_000 });
  expect(now()).toBeLessThan(60_000);
});
