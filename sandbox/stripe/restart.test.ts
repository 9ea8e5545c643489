import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startStripe } from ".";

const dir = mkdtempSync(path.join(tmpdir(), "onekey-stripe-"));
const file = path.join(dir, "stripe.json");
const eventIds: string[] = [];
let isDown = true;
const shop = createServer((req, res) => {
  let body = "";
  req.on("data", (chunk: Buffer) => (body += String(chunk)));
  req.on("end", () => {
    if (!isDown) eventIds.push((JSON.parse(body) as { type: string }).type);
    res.writeHead(isDown ? 503 : 200).end();
  });
});
let origin: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => shop.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
});
afterAll(() => {
  shop.close();
  rmSync(dir, { recursive: true, force: true });
});

const clientOf = (url: string) =>
  new Stripe("sk_test_sandbox", {
    host: "127.0.0.1",
    port: Number(new URL(url).port),
    protocol: "http",
  });

test("a restarted mock keeps its port, replies, events and bank debits", async () => {
  const first = await startStripe({ file });
  const port = Number(new URL(first.url).port);
  const stripe = clientOf(first.url);
  const customer = await stripe.customers.create({}, { idempotencyKey: "one" });
  const session = await stripe.checkout.sessions.create({
    customer: customer.id,
    mode: "payment",
    success_url: `${origin}/success`,
    cancel_url: `${origin}/cancel`,
    line_items: [
      {
        quantity: 1,
        price_data: { currency: "usd", unit_amount: 2_000, product_data: { name: "Credits" } },
      },
    ],
    payment_intent_data: { metadata: {} },
  });
  const pay = await fetch(session.url ?? "", {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "outcome=delay&country=US",
    redirect: "manual",
  });
  expect(pay.status).toBe(303);
  await first.close();

  isDown = false;
  const second = await startStripe({ file, port });
  expect(second.url).toBe(first.url);
  const replay = await stripe.customers.create({}, { idempotencyKey: "one" });
  expect(replay.id).toBe(customer.id);
  await expect
    .poll(() => eventIds, { timeout: 20_000 })
    .toContain("checkout.session.async_payment_succeeded");
  expect(eventIds).toContain("checkout.session.completed");
  // The closed mock, which in this test shares the process, may have sent the event a moment earlier.
  await expect
    .poll(async () => (await stripe.checkout.sessions.retrieve(session.id)).payment_status, {
      timeout: 20_000,
    })
    .toBe("paid");
  await second.close();
});
