import { expect, test } from "vitest";
import type { Exchange } from "../exchange";
import { upstreamHeaders } from "./headers";

const sent = (headers: Record<string, string>) =>
  upstreamHeaders({ headers } as unknown as Exchange, "openai", true, "credential")[
    "accept-encoding"
  ];

/** An answer in another encoding passes unread: its output would be billed by a guess that finds no text in it. */
test.each([
  ["zstd", "identity"],
  ["*", "identity"],
  ["compress, *;q=0.5", "identity"],
  ["gzip, deflate, br, zstd", "gzip, deflate, br"],
  ["zstd;q=1, GZIP;q=0.5", "GZIP;q=0.5"],
  ["zstd, gzip;q=0, identity;q=0", "identity"],
])(
  "an answer is asked for in no encoding that its usage cannot be read in: %s",
  (asked, expected) => {
    expect(sent({ "accept-encoding": asked })).toBe(expected);
  },
);

test("an encoding that can be read is asked for as the client wrote it", () => {
  for (const asked of ["gzip", "br;q=1.0, gzip;q=0.8", "gzip,deflate,br", "identity"])
    expect(sent({ "accept-encoding": asked })).toBe(asked);
  expect(sent({})).toBe("identity");
});

test("a name that a client gives its request stays here: a provider that went by it might answer another customer's", () => {
  const headers = upstreamHeaders(
    { headers: { "idempotency-key": "order-1", "x-stainless-lang": "js" } } as unknown as Exchange,
    ...(["openai", true, "credential"] as const),
  );
  expect(headers).toHaveProperty("x-stainless-lang");
  expect(headers).not.toHaveProperty("idempotency-key");
});
