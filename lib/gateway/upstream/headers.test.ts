import { expect, test } from "vitest";
import type { Exchange } from "../exchange";
import { upstreamHeaders } from "./headers";

const upstreamSent = (headers: Record<string, string>) =>
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
  (clientValue, upstreamValue) => {
    expect(upstreamSent({ "accept-encoding": clientValue })).toBe(upstreamValue);
  },
);

test("an encoding that can be read is asked for as the client wrote it", () => {
  for (const clientValue of ["gzip", "br;q=1.0, gzip;q=0.8", "gzip,deflate,br", "identity"])
    expect(upstreamSent({ "accept-encoding": clientValue })).toBe(clientValue);
  expect(upstreamSent({})).toBe("identity");
});

test("a name that a client gives its request stays here: a provider that went by it might answer another customer's", () => {
  const headers = upstreamHeaders(
    { headers: { "idempotency-key": "order-1", "x-stainless-lang": "js" } } as unknown as Exchange,
    ...(["openai", true, "credential"] as const),
  );
  expect(headers).toHaveProperty("x-stainless-lang");
  expect(headers).not.toHaveProperty("idempotency-key");
});

const headersFor = (
  provider: string,
  isCompatible: boolean,
  headers: Record<string, string> = {},
) => upstreamHeaders({ headers } as unknown as Exchange, provider, isCompatible, "our-key");

test.each([
  ["openai", true, { authorization: "Bearer our-key" }],
  ["xai", true, { authorization: "Bearer our-key" }],
  ["anthropic", true, { authorization: "Bearer our-key" }],
  ["google", true, { authorization: "Bearer our-key" }],
  ["anthropic", false, { "x-api-key": "our-key", "anthropic-version": "2023-06-01" }],
  ["google", false, { "x-goog-api-key": "our-key" }],
])(
  "our credential reaches %s where it is expected (OpenAI format: %s)",
  (provider, isCompatible, upstreamValue) => {
    const client = { authorization: "Bearer sk-onekey-1", "x-api-key": "c", "x-goog-api-key": "c" };
    const { "accept-encoding": _, ...sentHeaders } = headersFor(provider, isCompatible, client);
    expect(sentHeaders).toEqual(upstreamValue);
  },
);

test("a client's anthropic-version is kept", () => {
  expect(headersFor("anthropic", false, { "anthropic-version": "2026-01-01" })).toMatchObject({
    "anthropic-version": "2026-01-01",
  });
});

/** With it, Anthropic would read our API key as a token of another kind and reject it: anyone could stop the channel. */
test.each([
  ["oauth-2025-04-20", ""],
  ["a-1,oauth-2025-04-20, b-2", "a-1,b-2"],
  ["a-1, b-2", "a-1, b-2"],
])(
  "the beta header %s is sent to Anthropic without a client's own sign-in",
  (betas, upstreamValue) => {
    expect(
      headersFor("anthropic", false, { "anthropic-beta": betas })["anthropic-beta"] ?? "",
    ).toBe(upstreamValue);
  },
);
