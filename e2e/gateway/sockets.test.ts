import { once } from "node:events";
import { request } from "node:http";
import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { accounts } from "@/lib/accounts/collection";
import { audit } from "@/lib/maintenance/audit";
import { createFundedAccount } from "../support/own-gateway";
import { createOwnServer } from "../support/own-server";
import { ask, openSocket, settledRows } from "../support/responses-socket";

const CREDIT = 1_000_000_000;
const server = createOwnServer({ IDLE_TIMEOUT_MS: "1500" });

const turnsSeen = () => server.providers.seen.filter(({ method }) => method === "SOCKET");

test("each turn has its hold and settlement, and every event passes byte for byte", async () => {
  const { key, accountId, projectId } = await createFundedAccount({ credits: 10 * CREDIT });
  const client = await openSocket(server.address, key);
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
  const client = await openSocket(server.address, key);
  const first = await client.turn(ask());
  // The window of the model would cost more than the balance.
  const second = await client.turn({ ...ask(), previous_response_id: first.response?.id });
  expect(second, JSON.stringify(second)).toMatchObject({ type: "response.completed" });
  client.socket.close();
  await expect.poll(async () => (await accounts.findOne({ _id: accountId }))?.holds).toEqual([]);
  expect((await accounts.findOne({ _id: accountId }))?.credits).toBeGreaterThan(0);
});

test("a tool turn on a socket is one turn for the call and one for its output", async () => {
  const { key, accountId, projectId } = await createFundedAccount({ credits: 10 * CREDIT });
  const client = await openSocket(server.address, key);
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
  const client = await openSocket(server.address, key);
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
    const client = await openSocket(server.address, key);
    const refusal = await client.turn(body);
    expect(refusal).toMatchObject({ type: "error", status });
    if (code) expect(refusal.error?.code).toBe(code);
    if (code) expect(refusal.headers?.["x-should-retry"]).toBe("false");
    expect(await client.turn(ask())).toMatchObject({ type: "response.completed" });
    client.socket.close();
  });

  test("an error event of the provider passes byte for byte", async () => {
    const { key } = await createFundedAccount({ credits: 10 * CREDIT });
    const client = await openSocket(server.address, key);
    const turnsBefore = turnsSeen().length;
    await client.turn(ask({ status: 400 }));
    expect(client.hashes).toEqual(turnsSeen()[turnsBefore]?.eventSha256);
    client.socket.close();
  });

  test("a balance that is too small", async () => {
    const { key } = await createFundedAccount({ credits: 1_000 });
    const client = await openSocket(server.address, key);
    const refusal = await client.turn(ask());
    expect(refusal).toMatchObject({ type: "error", status: 402 });
    expect(refusal.error?.message).toMatch(/add credits/);
    client.socket.close();
  });
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

test("a client that leaves in the middle of a turn is charged for it, once", async () => {
  const { key, accountId, projectId } = await createFundedAccount({ credits: 10 * CREDIT });
  const client = await openSocket(server.address, key);
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
    const client = await openSocket(server.address, key);
    client.socket.send(JSON.stringify({ type: "response.create", ...ask(directive) }));
    expect(await client.closed()).toMatchObject({ code: 1011 });
    expect(client.events.length).toBe(3);
    expect(await settledRows(accountId, projectId, 1)).toMatchObject([{ endedBy }]);
  },
);
