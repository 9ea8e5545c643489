import { expect, test } from "vitest";
import { createClientConnection, type Exchange } from "../exchange";
import { relay } from "./relay";

test("a client that reads nothing is disconnected at the deadline", async () => {
  let isCut = false;
  const exchange: Partial<Exchange> = {
    write: () => new Promise(() => undefined),
    cut: () => (isCut = true),
    client: createClientConnection(),
  };
  const body = { read: () => Buffer.alloc(100_000), isOver: () => false, stop: () => undefined };
  const startedAt = performance.now();
  const result = await relay({
    exchange: exchange as Exchange,
    body,
    reader: null,
    startedAt,
    deadline: startedAt + 50,
  });
  expect(result.endedBy).toBe("timeout");
  expect(isCut).toBe(true);
});
