import { once } from "node:events";
import { afterEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { regenerateKey, revokeProjectKeys } from "@/lib/keys/regenerate";
import { createFundedAccount } from "../support/own-gateway";
import { createOwnServer } from "../support/own-server";
import { ask, openSocket, settledRows } from "../support/responses-socket";

const CREDIT = 1_000_000_000;
const server = createOwnServer({ NEW_ACCOUNT_REQUESTS_IN_FLIGHT: "3" });

const turnsSeen = () => server.providers.seen.filter(({ method }) => method === "SOCKET");

describe("with a clock that is moved", () => {
  /** Sockets opened from now on have an interval for their checks that `check` ends. */
  function holdChecks() {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    return { check: () => void vi.advanceTimersByTime(30_000) };
  }

  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  test("a key that is revoked while its socket is idle ends the socket at the next check", async () => {
    const { key, accountId, projectId } = await createFundedAccount({ credits: 10 * CREDIT });
    const { check } = holdChecks();
    const client = await openSocket(server.address, key);
    const turnsBefore = turnsSeen().length;
    check();
    await once(client.socket, "ping");
    // The check of a valid key changes nothing.
    expect(await client.turn(ask())).toMatchObject({ type: "response.completed" });
    await revokeProjectKeys({ accountId, projectId });
    check();
    expect(await client.closed()).toMatchObject({ code: 1008 });
    expect(client.events.at(-1)).toMatchObject({
      type: "error",
      status: 401,
      error: { code: "invalid_api_key" },
      headers: { "x-should-retry": "false" },
    });
    expect(turnsSeen().length).toBe(turnsBefore + 1);
  });

  test("a key that is revoked in a turn ends it at the next check, and it is settled once", async () => {
    const { key, accountId, projectId } = await createFundedAccount({ credits: 10 * CREDIT });
    const { check } = holdChecks();
    const client = await openSocket(server.address, key);
    const hanging = ask({ hangAfterChunks: 5, text: "Hello" });
    client.socket.send(JSON.stringify({ type: "response.create", ...hanging }));
    await client.until(() => client.events.length === 5);
    await revokeProjectKeys({ accountId, projectId });
    check();
    expect(await client.closed()).toMatchObject({ code: 1008 });
    const [row] = await settledRows(accountId, projectId, 1);
    expect(row).toMatchObject({ endedBy: "client_left", usageSource: "estimated" });
    expect(row?.cost).toBeGreaterThan(0);
  });

  test("a client that answers no ping is disconnected at the second check", async () => {
    const { key } = await createFundedAccount({ credits: CREDIT });
    const { check } = holdChecks();
    const client = await openSocket(server.address, key, { autoPong: false });
    check();
    await once(client.socket, "ping");
    check();
    expect(await client.closed()).toMatchObject({ code: 1006 });
  });

  test("a socket that was open for an hour serves no other turn and says so", async () => {
    const { key, accountId, projectId } = await createFundedAccount({ credits: 10 * CREDIT });
    const client = await openSocket(server.address, key);
    expect(await client.turn(ask())).toMatchObject({ type: "response.completed" });
    await settledRows(accountId, projectId, 1);
    const turnsBefore = turnsSeen().length;
    const realNow = performance.now.bind(performance);
    vi.spyOn(performance, "now").mockImplementation(() => realNow() + 3_600_001);
    const last = await client.turn(ask());
    expect(last).toMatchObject({ error: { code: "websocket_connection_limit_reached" } });
    expect(await client.closed()).toMatchObject({ code: 1001 });
    expect(turnsSeen().length).toBe(turnsBefore);
    expect(await settledRows(accountId, projectId, 1)).toHaveLength(1);
    // A new one serves.
    const next = await openSocket(server.address, key);
    expect(await next.turn(ask())).toMatchObject({ type: "response.completed" });
    next.socket.close();
  });
});

test("a silent socket is closed after its idle time, and never in a turn", async () => {
  const { key } = await createFundedAccount({ credits: 10 * CREDIT });
  setIdleTime("3000");
  const client = await openSocket(server.address, key);
  setIdleTime("60000");
  // The turn is longer than the idle time.
  const last = await client.turn(ask({ text: "a b c d e f g h", chunkDelayMs: 500 }));
  expect(last).toMatchObject({ type: "response.completed" });
  expect(await client.closed()).toMatchObject({ code: 1001, reason: "The socket was idle." });
});

/** The idle time of sockets that are opened from now on. */
function setIdleTime(milliseconds: string): void {
  vi.stubEnv("SOCKET_IDLE_MS", milliseconds);
  delete (globalThis as { onekeyEnv?: unknown }).onekeyEnv;
}

test("what is no JSON, or not text, is refused", async () => {
  const { key } = await createFundedAccount({ credits: 10 * CREDIT });
  const client = await openSocket(server.address, key);
  client.socket.send("nonsense");
  await client.until(() => client.events.length === 1);
  expect(client.events[0]).toMatchObject({ type: "error", status: 400 });
  client.socket.send(Buffer.from("{}"), { binary: true });
  expect(await client.closed()).toMatchObject({ code: 1003 });
});

test("a response of one account is not found on another account's socket", async () => {
  const [owner, stranger] = [
    await createFundedAccount({ credits: 10 * CREDIT }),
    await createFundedAccount({ credits: 10 * CREDIT }),
  ];
  const ownerSocket = await openSocket(server.address, owner.key);
  const first = await ownerSocket.turn(ask());
  const otherSocket = await openSocket(server.address, stranger.key);
  const turnsBefore = turnsSeen().length;
  const refusal = await otherSocket.turn({ ...ask(), previous_response_id: first.response?.id });
  expect(refusal).toMatchObject({ type: "error", status: 404 });
  expect(turnsSeen().length).toBe(turnsBefore);
  ownerSocket.socket.close();
  otherSocket.socket.close();
});

test("a revoked key ends the socket at the next event", async () => {
  const { key, accountId, projectId } = await createFundedAccount({ credits: 10 * CREDIT });
  const client = await openSocket(server.address, key);
  await client.turn(ask());
  await regenerateKey({ accountId, projectId });
  const turnsBefore = turnsSeen().length;
  const refusal = await client.turn(ask());
  expect(refusal).toMatchObject({ type: "error", status: 401, error: { code: "invalid_api_key" } });
  expect(await client.closed()).toMatchObject({ code: 1008 });
  expect(turnsSeen().length).toBe(turnsBefore);
});

test("a slow client makes its provider wait, and gets every event", async () => {
  const { key } = await createFundedAccount({ credits: 10 * CREDIT });
  const client = await openSocket(server.address, key);
  client.socket.pause();
  const turnsBefore = turnsSeen().length;
  client.socket.send(
    JSON.stringify({
      type: "response.create",
      ...ask({ chunks: 4_000 }, { max_output_tokens: 100_000 }),
    }),
  );
  await vi.waitFor(() => expect(turnsSeen().length).toBe(turnsBefore + 1), { timeout: 60_000 });
  client.socket.resume();
  await client.until(() => client.events.at(-1)?.type === "response.completed");
  expect(client.hashes).toEqual(turnsSeen()[turnsBefore]?.eventSha256);
  client.socket.close();
});

describe("a handshake", () => {
  const refusalOf = async (headers: Record<string, string>, path = "/v1/responses") => {
    const socket = new WebSocket(`ws://${server.address}${path}`, { headers });
    socket.on("error", () => {});
    const [, response] = (await once(socket, "unexpected-response")) as [
      unknown,
      { statusCode: number; headers: Record<string, string> } & AsyncIterable<Buffer>,
    ];
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    return { response, text: Buffer.concat(chunks).toString("utf8") };
  };

  test("with a wrong key is a 401 in words", async () => {
    const { response, text } = await refusalOf({ authorization: "Bearer sk-onekey-wrong" });
    expect(response.statusCode).toBe(401);
    expect(response.headers["x-should-retry"]).toBe("false");
    expect(JSON.parse(text)).toMatchObject({ error: { code: "invalid_api_key" } });
  });

  test("that asks for quotes is a 400: its turns would be charged", async () => {
    const { key } = await createFundedAccount({ credits: CREDIT });
    const headers = { authorization: `Bearer ${key}`, "x-onekey-quote": "1" };
    const { response, text } = await refusalOf(headers);
    expect(response.statusCode).toBe(400);
    expect(text).toContain("POST /v1/responses");
  });

  test("at another path stays a 426", async () => {
    const { key } = await createFundedAccount({ credits: CREDIT });
    const { response } = await refusalOf({ authorization: `Bearer ${key}` }, "/v1/realtime");
    expect(response.statusCode).toBe(426);
  });

  test("over the account's number of sockets is a 429", async () => {
    const { key } = await createFundedAccount({ credits: 0 });
    const open = await Promise.all([1, 2, 3].map(() => openSocket(server.address, key)));
    const { response } = await refusalOf({ authorization: `Bearer ${key}` });
    expect(response.statusCode).toBe(429);
    expect(response.headers["retry-after"]).toBe("30");
    open[0]?.socket.close();
    await open[0]?.closed();
    await vi.waitFor(async () => (await openSocket(server.address, key)).socket.close(), {
      timeout: 60_000,
    });
    for (const { socket } of open) socket.close();
  });

  test("takes the key from the query, and a doubled version in the path", async () => {
    const { key } = await createFundedAccount({ credits: 10 * CREDIT });
    const socket = new WebSocket(`ws://${server.address}/v1/v1/responses?key=${key}`);
    await once(socket, "open");
    socket.close();
  });
});
