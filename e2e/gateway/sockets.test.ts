// Longer than 300 lines: all tests share one socket client and one set of customers.

import { createHash } from "node:crypto";
import { once } from "node:events";
import { request } from "node:http";
import type { Socket } from "node:net";
import { describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { accounts } from "@/lib/accounts/collection";
import { regenerateKey } from "@/lib/keys/regenerate";
import { audit } from "@/lib/maintenance/audit";
import { listRows } from "@/lib/usage/queries";
import { createFundedAccount } from "../support/own-gateway";
import { createOwnServer } from "../support/own-server";

const CREDIT = 1_000_000_000;
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

const server = createOwnServer({
  NEW_ACCOUNT_REQUESTS_IN_FLIGHT: "3",
  SOCKET_IDLE_MS: "60000",
  IDLE_TIMEOUT_MS: "1500",
});

type ServerEvent = {
  type: string;
  status?: number;
  headers?: Record<string, string>;
  response?: { id: string; usage: { input_tokens: number } | null };
  error?: { code: string; message: string };
};

/** A client's socket, and what it has received. */
async function openSocket(key: string, { path = "/v1/responses" } = {}) {
  const socket = new WebSocket(`ws://${server.address}${path}`, {
    headers: { authorization: `Bearer ${key}` },
    perMessageDeflate: false,
  });
  const hashes: string[] = [];
  const events: ServerEvent[] = [];
  let closing: { code: number; reason: string } | null = null;
  let wake = () => {};
  socket.on("message", (message: Buffer) => {
    hashes.push(sha256(message));
    events.push(JSON.parse(message.toString("utf8")) as ServerEvent);
    wake();
  });
  socket.on("error", () => {});
  socket.on("close", (code, reason) => {
    closing = { code, reason: String(reason) };
    wake();
  });
  await once(socket, "open");
  const until = async (isDone: () => boolean) => {
    while (!isDone()) {
      if (closing && !isDone()) throw new Error(`The socket closed: ${JSON.stringify(closing)}`);
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  const isTerminal = ({ type }: ServerEvent) =>
    /^(error|response\.(completed|incomplete|failed))$/.test(type);
  const turnsEnded = () => events.filter(isTerminal).length;
  return {
    socket,
    hashes,
    events,
    closed: () => until(() => closing !== null).then(() => closing),
    until,
    /** Sends one turn and returns its last event. */
    turn: async (body: object) => {
      const before = turnsEnded();
      socket.send(JSON.stringify({ type: "response.create", ...body }));
      await until(() => turnsEnded() > before);
      const last = events.at(-1);
      if (!last) throw new Error("There is no event.");
      return last;
    },
  };
}

const MODEL = "gpt-6-luna";
const ask = (directive: object = {}, fields: object = {}) => ({
  model: MODEL,
  store: false,
  max_output_tokens: 2e3,
  input: [
    {
      type: "message",
      role: "user",
      content: `Hi [[sandbox: ${JSON.stringify(directive)}]]`,
    },
  ],
  ...fields,
});

/** The rows of a project, oldest first, when all of its turns are settled. */
async function settledRows(accountId: string, projectId: string, count: number) {
  return vi.waitFor(
    async () => {
      const account = await accounts.findOne({ _id: accountId });
      const { rows } = await listRows({ projectId, limit: 100 });
      if (rows.length < count || account?.holds.length !== 0) throw new Error("A turn is open.");
      return rows.toReversed();
    },
    { timeout: 20_000, interval: 30 },
  );
}

const turnsSeen = () => server.providers.seen.filter(({ method }) => method === "SOCKET");

test("each turn has its hold and settlement, and every event passes byte for byte", async () => {
  const { key, accountId, projectId } = await createFundedAccount({ credits: 10 * CREDIT });
  const client = await openSocket(key);
  const turnsBefore = turnsSeen().length;
  const first = await client.turn(ask({ text: "grüße 世界 🌍" }));
  expect(first.type).toBe("response.completed");
  const second = await client.turn({
    ...ask({ prettyEvents: true }),
    previous_response_id: first.response?.id,
  });
  expect(second.type).toBe("response.completed");
  const third = await client.turn({
    ...ask({ incomplete: true }),
    previous_response_id: second.response?.id,
  });
  expect(third.type).toBe("response.incomplete");
  const turns = turnsSeen().slice(turnsBefore);
  expect(turns.flatMap(({ eventSha256 = [] }) => eventSha256)).toEqual(client.hashes);
  expect(turns.length).toBe(3);
  const rows = await settledRows(accountId, projectId, 3);
  expect(
    rows.map(({ endpoint, stream, endedBy, usageSource }) => ({
      endpoint,
      stream,
      endedBy,
      usageSource,
    })),
  ).toEqual(
    Array.from({ length: 3 }, () => ({
      endpoint: "responses",
      stream: true,
      endedBy: "complete",
      usageSource: "provider",
    })),
  );
  for (const [i, row] of rows.entries()) {
    const last = [first, second, third][i];
    const { input, cacheRead } = row.tokens;
    expect(input + cacheRead).toBe(last?.response?.usage?.input_tokens);
    expect(row.cost).toBeGreaterThan(0);
  }
  client.socket.close();
  expect((await audit()).problems).toEqual([]);
});

test("a turn that continues another is held for what that one had, not for the window", async () => {
  const { key, accountId } = await createFundedAccount({ credits: CREDIT / 20 });
  const client = await openSocket(key);
  const first = await client.turn(ask());
  // The window of the model would cost more than the balance.
  const second = await client.turn({ ...ask(), previous_response_id: first.response?.id });
  expect(second, JSON.stringify(second)).toMatchObject({ type: "response.completed" });
  client.socket.close();
  await vi.waitFor(async () => {
    const account = await accounts.findOne({ _id: accountId });
    expect(account?.holds).toEqual([]);
    expect(account?.credits).toBeGreaterThan(0);
  });
});

test("a tool turn on a socket is one turn for the call and one for its output", async () => {
  const { key, accountId, projectId } = await createFundedAccount({ credits: 10 * CREDIT });
  const client = await openSocket(key);
  const tools = [
    {
      type: "function",
      name: "shell",
      parameters: {
        type: "object",
        properties: { place: { type: "string" } },
        required: ["place"],
      },
    },
  ];
  const call = await client.turn(
    ask({}, { input: "What is the weather in Paris?", tools, stream: true }),
  );
  const item = client.events.find(({ type }) => type === "response.output_item.done");
  expect(item).toMatchObject({ item: { type: "function_call", name: "shell" } });
  const { call_id } = (item as unknown as { item: { call_id: string } }).item;
  const last = await client.turn({
    ...ask({}, { tools }),
    previous_response_id: call.response?.id,
    input: [{ type: "function_call_output", call_id, output: "18 degrees" }],
  });
  expect(last.type).toBe("response.completed");
  client.socket.close();
  expect(await settledRows(accountId, projectId, 2)).toHaveLength(2);
});

test("turns that are sent ahead are served one after the other", async () => {
  const { key, accountId, projectId } = await createFundedAccount({ credits: 10 * CREDIT });
  const client = await openSocket(key);
  const events = () => client.events.filter(({ type }) => type === "response.completed");
  for (let i = 0; i < 4; i++)
    client.socket.send(JSON.stringify({ type: "response.create", ...ask({ chunkDelayMs: 5 }) }));
  await client.until(() => events().length === 4);
  const order = client.events.flatMap(({ response }) => response?.id ?? []);
  // All events of one response come before those of the next.
  expect(order.filter((id, i) => id !== order[i - 1])).toHaveLength(4);
  client.socket.close();
  expect(await settledRows(accountId, projectId, 4)).toHaveLength(4);
});

describe("a turn that is refused is an error event, and the socket goes on", () => {
  test.each([
    ["another event", { type: "response.steer", response_id: "resp_1" }, 400, "bad_request"],
    ["no event", { type: null, ...ask() }, 400, "bad_request"],
    ["a conversation among several", ask({}, { stream_id: "one" }), 400, "bad_request"],
    ["an unknown model", ask({}, { model: "gpt-nope" }), 404, "not_found"],
    ["a model without sockets", ask({}, { model: "claude-haiku-5-5" }), 400, "wrong_endpoint"],
    ["a response of nobody", ask({}, { previous_response_id: "resp_x" }), 404, "not_found"],
    ["a stored object", ask({}, { conversation: "conv_1" }), 400, "bad_request"],
    ["a failure of the provider", ask({ status: 400 }), 400, null],
  ])("%s", async (_, body, status, code) => {
    const { key } = await createFundedAccount({ credits: 10 * CREDIT });
    const client = await openSocket(key);
    const refusal = await client.turn(body);
    expect(refusal).toMatchObject({ type: "error", status });
    if (code) expect(refusal.error?.code).toBe(code);
    if (code) expect(refusal.headers?.["x-should-retry"]).toBe("false");
    expect(await client.turn(ask())).toMatchObject({ type: "response.completed" });
    client.socket.close();
  });

  test("an error event of the provider passes byte for byte", async () => {
    const { key } = await createFundedAccount({ credits: 10 * CREDIT });
    const client = await openSocket(key);
    const turnsBefore = turnsSeen().length;
    await client.turn(ask({ status: 400 }));
    expect(client.hashes).toEqual(turnsSeen()[turnsBefore]?.eventSha256);
    client.socket.close();
  });

  test("a balance that is too small", async () => {
    const { key } = await createFundedAccount({ credits: 1_000 });
    const client = await openSocket(key);
    const refusal = await client.turn(ask());
    expect(refusal).toMatchObject({ type: "error", status: 402 });
    expect(refusal.error?.message).toMatch(/add credits/);
    client.socket.close();
  });
});

test("what is no JSON, or not text, is refused", async () => {
  const { key } = await createFundedAccount({ credits: 10 * CREDIT });
  const client = await openSocket(key);
  client.socket.send("nonsense");
  await client.until(() => client.events.length === 1);
  expect(client.events[0]).toMatchObject({ type: "error", status: 400 });
  client.socket.send(Buffer.from("{}"), { binary: true });
  expect(await client.closed()).toMatchObject({ code: 1003 });
});

describe("a socket that the server has begun to close serves nothing more", () => {
  const OPCODES = { text: 0x81, binary: 0x82 };

  /** A frame whose mask is zero. https://www.rfc-editor.org/rfc/rfc6455#section-5.2 */
  function frame(opcode: number, text: string): Buffer {
    const payload = Buffer.from(text);
    const head = Buffer.from([opcode, 0x80 | 126, payload.length >> 8, payload.length & 255]);
    return Buffer.concat([head, Buffer.alloc(4), payload]);
  }

  /** Sends frames and never closes its side; returns the turns that were served when the server has ended the connection. */
  async function sendFrames(frames: Buffer[]) {
    const customer = await createFundedAccount({ credits: 10 * CREDIT });
    const turnsBefore = turnsSeen().length;
    const headers = {
      authorization: `Bearer ${customer.key}`,
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "MDEyMzQ1Njc4OWFiY2RlZg==",
    };
    const handshake = request(`${server.origin}/v1/responses`, { headers }).end();
    const [, connection] = (await once(handshake, "upgrade")) as [unknown, Socket];
    connection.resume();
    connection.write(Buffer.concat(frames));
    await once(connection, "close");
    return { ...customer, turns: turnsSeen().length - turnsBefore };
  }

  const turnOf = (directive: object = {}) =>
    frame(OPCODES.text, JSON.stringify({ type: "response.create", ...ask(directive) }));

  test("a turn after a message that is not text", async () => {
    const { accountId, projectId, turns } = await sendFrames([
      frame(OPCODES.binary, "{}"),
      turnOf(),
    ]);
    expect(turns).toBe(0);
    expect(await settledRows(accountId, projectId, 0)).toEqual([]);
  });

  test("a turn that waits for one that is interrupted", async () => {
    const frames = [turnOf({ hangAfterChunks: 5, text: "Hello" }), turnOf(), turnOf()];
    const { accountId, projectId, turns } = await sendFrames(frames);
    expect(turns).toBe(1);
    expect(await settledRows(accountId, projectId, 1)).toHaveLength(1);
  });
});

test("a response of one account is not found on another account's socket", async () => {
  const [owner, stranger] = [
    await createFundedAccount({ credits: 10 * CREDIT }),
    await createFundedAccount({ credits: 10 * CREDIT }),
  ];
  const ownerSocket = await openSocket(owner.key);
  const first = await ownerSocket.turn(ask());
  const otherSocket = await openSocket(stranger.key);
  const turnsBefore = turnsSeen().length;
  const refusal = await otherSocket.turn({ ...ask(), previous_response_id: first.response?.id });
  expect(refusal).toMatchObject({ type: "error", status: 404 });
  expect(turnsSeen().length).toBe(turnsBefore);
  ownerSocket.socket.close();
  otherSocket.socket.close();
});

test("a revoked key ends the socket at the next event", async () => {
  const { key, accountId, projectId } = await createFundedAccount({ credits: 10 * CREDIT });
  const client = await openSocket(key);
  await client.turn(ask());
  await regenerateKey({ accountId, projectId });
  const turnsBefore = turnsSeen().length;
  const refusal = await client.turn(ask());
  expect(refusal).toMatchObject({ type: "error", status: 401, error: { code: "invalid_api_key" } });
  expect(await client.closed()).toMatchObject({ code: 1008 });
  expect(turnsSeen().length).toBe(turnsBefore);
});

test("a client that leaves in the middle of a turn is charged for it, once", async () => {
  const { key, accountId, projectId } = await createFundedAccount({ credits: 10 * CREDIT });
  const client = await openSocket(key);
  client.socket.send(
    JSON.stringify({ type: "response.create", ...ask({ hangAfterChunks: 5, text: "Hello" }) }),
  );
  await client.until(() => client.events.length === 5);
  client.socket.terminate();
  const [row] = await settledRows(accountId, projectId, 1);
  expect(row).toMatchObject({ endedBy: "client_left", usageSource: "estimated" });
  expect(row?.cost).toBeGreaterThan(0);
});

test.each([
  ["closes its socket", { cutAfterChunks: 3 }, "provider_cut"],
  ["is silent for too long", { hangAfterChunks: 3 }, "timeout"],
])(
  "a provider that %s in a turn ends the client's socket, and is settled",
  async (_, directive, endedBy) => {
    const { key, accountId, projectId } = await createFundedAccount({ credits: 10 * CREDIT });
    const client = await openSocket(key);
    client.socket.send(JSON.stringify({ type: "response.create", ...ask(directive) }));
    expect(await client.closed()).toMatchObject({ code: 1011 });
    expect(client.events.length).toBe(3);
    expect(await settledRows(accountId, projectId, 1)).toMatchObject([{ endedBy }]);
  },
);

test("a slow client makes its provider wait, and gets every event", async () => {
  const { key } = await createFundedAccount({ credits: 10 * CREDIT });
  const client = await openSocket(key);
  client.socket.pause();
  const turnsBefore = turnsSeen().length;
  client.socket.send(
    JSON.stringify({
      type: "response.create",
      ...ask({ chunks: 4_000 }, { max_output_tokens: 100_000 }),
    }),
  );
  await vi.waitFor(() => expect(turnsSeen().length).toBe(turnsBefore + 1), { timeout: 10_000 });
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

  test("at another path stays a 426", async () => {
    const { key } = await createFundedAccount({ credits: CREDIT });
    const { response } = await refusalOf({ authorization: `Bearer ${key}` }, "/v1/realtime");
    expect(response.statusCode).toBe(426);
  });

  test("over the account's number of sockets is a 429", async () => {
    const { key } = await createFundedAccount({ credits: 0 });
    const open = await Promise.all([1, 2, 3].map(() => openSocket(key)));
    const { response } = await refusalOf({ authorization: `Bearer ${key}` });
    expect(response.statusCode).toBe(429);
    expect(response.headers["retry-after"]).toBe("30");
    open[0]?.socket.close();
    await open[0]?.closed();
    await vi.waitFor(async () => (await openSocket(key)).socket.close());
    for (const { socket } of open) socket.close();
  });

  test("takes the key from the query, and a doubled version in the path", async () => {
    const { key } = await createFundedAccount({ credits: 10 * CREDIT });
    const socket = new WebSocket(`ws://${server.address}/v1/v1/responses?key=${key}`);
    await once(socket, "open");
    socket.close();
  });
});
