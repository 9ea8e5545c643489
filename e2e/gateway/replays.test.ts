import { afterAll, expect, test } from "vitest";
import { countReceived, deployment } from "../support/shared-deployment";
import { startLive } from "../support/live";
import { stopAll } from "../support/processes";
import { bodyOf, readReplays, type ReplayStep } from "../support/replay";

const replays = await readReplays(new URL("fixtures/provider-errors.json", import.meta.url));

afterAll(stopAll);

async function check(response: Response, { expected: expectation }: ReplayStep): Promise<void> {
  const text = await response.text();
  if (expectation.status !== undefined) expect(response.status).toBe(expectation.status);
  if (expectation.retryAfter) {
    const wait = Number(response.headers.get("retry-after"));
    expect(wait).toBeGreaterThanOrEqual(expectation.retryAfter[0]);
    expect(wait).toBeLessThanOrEqual(expectation.retryAfter[1]);
  }
  for (const part of expectation.has ?? []) expect(text).toContain(part);
  for (const part of expectation.not ?? []) expect(text).not.toContain(part);
  for (const [name, value] of Object.entries(expectation.headers ?? {}))
    expect({ [name]: response.headers.get(name) }).toEqual({ [name]: value });
}

test.each(replays.map((replay) => [replay.title, replay] as const))(
  "%s",
  async (_title, { credentials, steps }) => {
    expect(deployment.providers).toContain("127.0.0.1");
    const live = await startLive({ credentials });
    try {
      const keys = { A: await live.createKey(), B: await live.createKey() };
      for (const step of steps)
        for (let i = 0; i < step.times; i++) {
          const before = await countReceived();
          await check(await live.post(step.path, bodyOf(step), keys[step.as]), step);
          if (step.expected.calls !== undefined)
            expect((await countReceived()) - before).toBe(step.expected.calls);
        }
    } finally {
      await live.stop();
    }
  },
);
