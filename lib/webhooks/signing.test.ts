import { createHmac } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { newSalt, signedHeaders, signingSecret } from "./signing";

const NOW = Date.now();
const endpointId = "whe_1";
const payload = '{"type":"key.created"}';
const id = "msg_1";
const secretOf = (salt: string) => signingSecret({ endpointId, salt });

test("a signature is the HMAC-SHA-256 that the scheme states, and its library verifies it", async () => {
  const salt = newSalt();
  const secrets = [{ salt, createdAt: new Date(NOW) }];
  const headers = signedHeaders({
    endpoint: { _id: endpointId, secrets },
    id,
    payload,
    now: NOW,
  });
  expect(secretOf(salt)).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  const key = Buffer.from(secretOf(salt).slice("whsec_".length), "base64");
  const timestamp = Math.floor(NOW / 1_000);
  const hmac = createHmac("sha256", key).update(`${id}.${timestamp}.${payload}`).digest("base64");
  expect(headers["webhook-signature"]).toBe(`v1,${hmac}`);
  expect(new Webhook(secretOf(salt)).verify(payload, headers)).toEqual({ type: "key.created" });
});

test("during an overlap both secrets verify, after it only the new one", async () => {
  const [oldSalt, salt] = [newSalt(), newSalt()];
  const secrets = [
    { salt: oldSalt, createdAt: new Date(NOW - 1_000), endsAt: new Date(NOW + 1_000) },
    { salt, createdAt: new Date(NOW - 500) },
  ];
  const endpoint = { _id: endpointId, secrets };
  const during = signedHeaders({ endpoint, id, payload, now: NOW });
  for (const each of [oldSalt, salt])
    expect(new Webhook(secretOf(each)).verify(payload, during)).toBeDefined();
  const after = signedHeaders({ endpoint, id, payload, now: NOW + 1_000 });
  expect(after["webhook-signature"].split(" ")).toHaveLength(1);
  expect(() => new Webhook(secretOf(oldSalt)).verify(payload, after)).toThrow("No matching");
  expect(new Webhook(secretOf(salt)).verify(payload, after)).toBeDefined();
});

test("secrets of endpoints and of rotations differ", () => {
  const salt = newSalt();
  expect(secretOf(salt)).not.toBe(signingSecret({ endpointId: "whe_2", salt }));
  expect(secretOf(salt)).not.toBe(secretOf(newSalt()));
});
