import { createHash } from "node:crypto";
import { once } from "node:events";
import { vi } from "vitest";
import { WebSocket, type ClientOptions } from "ws";
import { accounts } from "@/lib/accounts/collection";
import { listRows } from "@/lib/usage/queries";

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

type ServerEvent = {
  type: string;
  status?: number;
  headers?: Record<string, string>;
  response?: { id: string; usage: { input_tokens: number } | null };
  error?: { code: string; message: string };
};

/** A client's socket, and what it has received. */
export async function openSocket(address: string, key: string, options: ClientOptions = {}) {
  const socket = new WebSocket(`ws://${address}/v1/responses`, {
    headers: { authorization: `Bearer ${key}` },
    perMessageDeflate: false,
    ...options,
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
/** The fields of a turn; the directive says what the mock provider does. */
export const ask = (directive: object = {}, fields: object = {}) => ({
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
export async function settledRows(accountId: string, projectId: string, count: number) {
  return vi.waitFor(
    async () => {
      const account = await accounts.findOne({ _id: accountId });
      const { rows } = await listRows({ projectId, limit: 100 });
      if (rows.length < count || account?.holds.length !== 0) throw new Error("A turn is open.");
      return rows.toReversed();
    },
    { timeout: 60_000, interval: 30 },
  );
}
