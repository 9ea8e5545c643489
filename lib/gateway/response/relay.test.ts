import { expect, test } from "vitest";
import { createDeparture, type Exchange } from "../exchange";
import { relay } from "./relay";

test("a client that takes nothing more is let go of when the time is up", async () => {
  let isCut = false;
  const exchange: Partial<Exchange> = {
    write: () => new Promise(() => undefined),
    cut: () => (isCut = true),
    left: createDeparture(),
  };
  const body = { read: () => Buffer.alloc(100_000), isOver: () => false, stop: () => undefined };
  const startedAt = performance.now();
  const ended = await relay({
    ...{ exchange: exchange as Exchange, body, reader: null, startedAt },
    deadline: startedAt + 50,
  });
  expect(ended.endedBy).toBe("timeout");
  expect(isCut).toBe(true);
});
