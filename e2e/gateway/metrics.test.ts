import { expect, test } from "vitest";
import { freePort, launch, waitForHealth } from "../support/processes";
import {
  messageWith,
  chat,
  createCustomer,
  waitUntilSettled,
  deployment,
} from "../support/shared-deployment";

test("metrics are on loopback only, in Prometheus' format, and count what happened", async () => {
  const [port, metricsPort] = [await freePort(), await freePort()];
  const server = await launch({
    script: "dist/server.js",
    hasPages: false,
    environment: {
      ...deployment.environment,
      PORT: String(port),
      METRICS_PORT: String(metricsPort),
    },
  });
  const origin = `http://127.0.0.1:${port}`;
  await waitForHealth(origin);
  const { key, email } = await createCustomer({ credits: "1" });
  const canary = "canary-metrics-40aa";
  const body = { model: "gpt-6-luna", max_tokens: 20, messages: [messageWith({}, canary)] };
  for (let i = 0; i < 3; i++) expect((await chat(origin, key, body)).status).toBe(200);
  expect((await chat(origin, key, { ...body, model: canary })).status).toBe(404);
  expect((await chat(origin, "sk-wrong", body)).status).toBe(401);
  await waitUntilSettled(email);
  const read = () => fetch(`http://127.0.0.1:${metricsPort}/metrics`);
  // A settlement is counted when the database has responded, a moment after it can be read there.
  await expect.poll(async () => (await read()).text()).toMatch(/^onekey_settle_seconds_count 3$/m);
  const response = await read();
  const text = await response.text();
  expect(response.headers.get("content-type")).toContain("version=0.0.4");
  expect(text).toContain(
    'onekey_requests_total{endpoint="chat.completions",provider="openai",status="200",ended_by="complete"} 3\n',
  );
  expect(text).toContain('onekey_refusals_total{code="not_found"} 1\n');
  expect(text).toContain('onekey_refusals_total{code="invalid_key"} 1\n');
  expect(text).toMatch(/^onekey_tokens_total\{model="gpt-6-luna",kind="output"\} \d+$/m);
  expect(text).toMatch(
    /^onekey_request_seconds_bucket\{endpoint="chat\.completions",le="\+Inf"\} 3$/m,
  );
  expect(text).toMatch(/^onekey_settle_seconds_count 3$/m);
  expect(text).toMatch(/^onekey_oldest_hold_seconds \d/m);
  expect(text).toContain('onekey_channel_stopped{channel="openai-1",reason="credential"} 0\n');
  for (const line of text.trimEnd().split("\n"))
    expect(line).toMatch(
      /^(# (HELP|TYPE) onekey_\w+ .+|onekey_\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? [\d.e+-]+)$/,
    );
  expect(text).not.toContain(canary);
  expect(text).not.toContain(email);
  expect(text).not.toContain(key);
  await server.stop();
});
