import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** An object of the Stripe API, as it is sent. */
export type StripeObject = { id: string; object: string } & Record<string, unknown>;

export type StripeStore = ReturnType<typeof openStore>;

/** The objects by id, kept in a file so that saved cards and open payments outlive a restart of the sandbox. */
export function openStore(file: string | undefined) {
  const saved = file === undefined ? null : read(file);
  const things = new Map<string, StripeObject>(saved?.things.map((thing) => [thing.id, thing]));
  /** Which server to tell about a customer's payments: the one that opened its last payment page. */
  const origins = new Map<string, string>(saved?.origins);
  let writing: ReturnType<typeof setTimeout> | undefined;
  const save = () => {
    if (file === undefined) return;
    clearTimeout(writing);
    writing = setTimeout(() => {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify({ things: [...things.values()], origins: [...origins] }));
    }, 50);
  };
  return {
    origins,
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

function read(file: string): { things: StripeObject[]; origins: [string, string][] } | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as {
      things: StripeObject[];
      origins: [string, string][];
    };
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
