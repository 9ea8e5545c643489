import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { accounts } from "@/lib/accounts/collection";
import { regenerateKey } from "@/lib/keys/regenerate";
import { setLimits } from "@/lib/accounts/limits";
import { createProject } from "@/lib/accounts/projects";
import { useOwnDatabase } from "@/lib/db/own-database";
import { audit } from "@/lib/maintenance/audit";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { adversaryUsage } from "../pricing/testing/adversary";
import { adversaryShares, requestPlans, type RequestPlan } from "../pricing/testing/random-request";
import { stateUsage } from "../pricing/testing/state-usage";
import { writeRequest } from "../pricing/testing/write-request";
import { readAccount } from "../upstream/testing/accounts";
import { createCustomer, startGateway, useMockUpstream } from "../upstream/testing/gateway";

const CREDIT = 1_000_000_000;
const EXCESS_MAX = CREDIT;
const RUNS = process.env.ONEKEY_TEST_LONG ? 400 : 12;

/** The responses of the provider, by the number that each request's text begins with. */
const responses = new Map<string, unknown>();
const upstream = createServer({ keepAliveTimeout: 60_000 }, async (req, res) => {
  const pieces: Buffer[] = [];
  for await (const piece of req) pieces.push(piece as Buffer);
  const number = /#(\d+)#/.exec(Buffer.concat(pieces).toString("latin1"))?.[1] ?? "";
  await sleep(Number(number) % 20);
  res.writeHead(200, { "content-type": "application/json" });
  res.end(JSON.stringify(responses.get(number) ?? {}));
});
await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
const upstreamOrigin = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;

vi.stubEnv("DRAIN_SECONDS", "1");
useMockUpstream({ origin: upstreamOrigin } as Parameters<typeof useMockUpstream>[0], "first");
useOwnDatabase(ensureIndexes);
let gateway: Awaited<ReturnType<typeof startGateway>>;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(async () => {
  await gateway.close();
  upstream.closeAllConnections();
  upstream.close();
});

let requestCount = 0;

/** Amounts from a thousandth of a credit to twenty, as many small ones as large ones. */
const credits = fc
  .double({ min: -3, max: Math.log10(20), noNaN: true })
  .map((exponent) => Math.round(10 ** exponent * CREDIT));
const plans = requestPlans.map((plan) => ({ ...plan, isContinued: false, isStreamed: false }));
const sequences = fc.record({
  balance: credits,
  allowance: fc.option(credits, { nil: 0 }),
  caps: fc.array(fc.option(credits), { minLength: 1, maxLength: 3 }),
  rounds: fc.array(
    fc.array(
      fc.record({ plan: plans, shares: adversaryShares, project: fc.nat(2), leaves: fc.nat(7) }),
      { minLength: 1, maxLength: 10 },
    ),
    { minLength: 1, maxLength: 3 },
  ),
});

/** A customer with a balance, a free allowance and a project for each cap. */
async function createSpender(input: {
  balance: number;
  allowance: number;
  caps: (number | null)[];
}): Promise<{ accountId: string; keys: string[] }> {
  const { accountId } = await createCustomer({ credits: input.balance });
  const free = { requests: input.allowance > 0 ? 20 : 0, credits: input.allowance };
  await accounts.updateOne({ _id: accountId }, { $set: { free } });
  const keys: string[] = [];
  for (const cap of input.caps) {
    const { id: projectId } = await createProject({ accountId, name: "p" });
    keys.push(await regenerateKey({ accountId, projectId }));
    if (cap !== null) await setLimits({ accountId, projectId, limits: { creditsPerMonth: cap } });
  }
  return { accountId, keys };
}

/** Sends a request of a plan, to be answered with the usage that the adversary takes, and returns its status; 0 when left. */
async function send(
  key: string,
  plan: RequestPlan,
  shares: Parameters<typeof adversaryUsage>[2],
  leaves: boolean,
): Promise<number> {
  const number = String(++requestCount);
  const numberedPlan = { ...plan, text: `#${number}# ${plan.text}` };
  const request = await writeRequest(numberedPlan);
  const usage = adversaryUsage(numberedPlan, request, shares);
  responses.set(number, stateUsage(numberedPlan, usage));
  const leaving = new AbortController();
  if (leaves) setTimeout(() => leaving.abort(), Number(number) % 30);
  try {
    const response = await fetch(`${gateway.origin}${request.path}`, {
      method: "POST",
      body: new Uint8Array(request.body),
      signal: leaving.signal,
      headers: { authorization: `Bearer ${key}`, "content-type": request.contentType },
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  } finally {
    if (!leaves) responses.delete(number);
  }
}

test("no parallel requests take a balance, an allowance or a cap below zero by more than EXCESS_MAX", async () => {
  const statuses = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(sequences, async ({ balance, allowance, caps, rounds }) => {
      const { accountId, keys } = await createSpender({ balance, allowance, caps });
      for (const round of rounds) {
        const results = await Promise.all(
          round.map(({ plan, shares, project, leaves }) =>
            send(keys[project % keys.length] ?? "", plan, shares, leaves === 0),
          ),
        );
        for (const status of results) statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
      const account = await vi.waitFor(
        async () => {
          const current = await readAccount(accountId);
          if (current.holds.length > 0) throw new Error("A hold is open.");
          return current;
        },
        { timeout: 60_000, interval: 20 },
      );
      expect(account.credits).toBeGreaterThanOrEqual(-Math.min(EXCESS_MAX, balance));
      expect(account.free.credits).toBeGreaterThanOrEqual(-Math.min(EXCESS_MAX, allowance));
      for (const { left } of account.caps) expect(left).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: RUNS },
  );
  expect((await audit()).problems).toEqual([]);
  expect(statuses.get(200)).toBeGreaterThan(RUNS);
  console.log(`${requestCount} requests by status: ${JSON.stringify([...statuses])}`);
}, 1_800_000);
