import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";

/** An object of the Stripe API, as it is sent. */
export type StripeObject = { id: string; object: string } & Record<string, unknown>;

export type StripeStore = ReturnType<typeof openStore>;

export type SavedReply = { status: number; body: string };
type SavedState = {
  things: StripeObject[];
  origins: [customerOrEvent: string, origin: string][];
  /** Missing in files of earlier versions. */
  events?: StripeObject[];
  replies?: [idempotencyKey: string, reply: SavedReply][];
};

const EVENTS_MAX = 1_000;
const REPLIES_MAX = 1_000;

/**
 * The objects by id, events and replies, kept in a file so that saved cards, open payments and webhooks that were not delivered
 * outlive a restart of the sandbox, also one by kill -9.
 */
export function openStore(file: string | undefined) {
  const savedState = file === undefined ? null : read(file);
  const things = new Map<string, StripeObject>(
    savedState?.things.map((thing) => [thing.id, thing]),
  );
  /**
   * Where the webhooks about a customer go: to the server that opened its last payment page. And where an event goes that was
   * not delivered.
   */
  const origins = new Map<string, string>(savedState?.origins);
  const events: StripeObject[] = savedState?.events ?? [];
  const replies = new Map<string, SavedReply>(savedState?.replies);
  let isSaving = false;
  const write = () => {
    isSaving = false;
    if (file === undefined) return;
    const state: SavedState = {
      things: [...things.values()],
      origins: [...origins],
      events: events.slice(-EVENTS_MAX),
      replies: [...replies].slice(-REPLIES_MAX),
    };
    mkdirSync(path.dirname(file), { recursive: true });
    // Renamed into place: a process that is killed while it writes leaves the file as it was.
    writeFileSync(`${file}.new`, JSON.stringify(state));
    renameSync(`${file}.new`, file);
  };
  const save = () => {
    if (!isSaving) setImmediate(write);
    isSaving = true;
  };
  return {
    origins,
    events,
    replies,
    /** To be called after a change of `events` or `replies`. */
    save,
    put<T extends StripeObject>(thing: T): T {
      things.set(thing.id, thing);
      save();
      return thing;
    },
    change(id: string, set: Record<string, unknown>): StripeObject {
      const thing = things.get(id);
      if (!thing)
        throw new ApiError(404, {
          type: "invalid_request_error",
          code: "resource_missing",
          message: `No such object: '${id}'`,
        });
      Object.assign(thing, set);
      save();
      return thing;
    },
    find: (id: unknown): StripeObject | undefined =>
      typeof id === "string" ? things.get(id) : undefined,
    get(id: unknown, kind: string): StripeObject {
      const thing = typeof id === "string" ? things.get(id) : undefined;
      if (thing?.object === kind) return thing;
      throw new ApiError(404, {
        type: "invalid_request_error",
        code: "resource_missing",
        message: `No such ${kind}: '${String(id)}'`,
      });
    },
    /** The newest first, as Stripe lists. */
    list: (kind: string, matches: (thing: StripeObject) => boolean): StripeObject[] =>
      [...things.values()].filter((thing) => thing.object === kind && matches(thing)).reverse(),
  };
}

function read(file: string): SavedState | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as SavedState;
  } catch {
    return null;
  }
}

export const newId = (prefix: string) => `${prefix}_${randomBytes(12).toString("hex")}`;
export const seconds = () => Math.floor(Date.now() / 1000);

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly error: { type: string; message: string } & Record<string, unknown>,
  ) {
    super(error.message);
  }
}

export const invalid = (message: string, param?: string) =>
  new ApiError(400, {
    type: "invalid_request_error",
    message,
    ...(param === undefined ? {} : { param }),
  });
