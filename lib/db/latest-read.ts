import type { FindOptions } from "mongodb";

/**
 * Options of a read that sees every write that was acknowledged before it. With others, a primary that was deposed and has not noticed
 * may serve what it had: a revoked key that still works, a new key that is not there. It costs one round among the members of the
 * replica set, and nothing on the embedded database. It ends after `maxTimeMS`, as a primary without a majority would wait forever.
 * https://www.mongodb.com/docs/manual/reference/read-concern-linearizable/
 */
export const LATEST: FindOptions = { readConcern: { level: "linearizable" }, maxTimeMS: 5_000 };
