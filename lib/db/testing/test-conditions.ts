/** True when unit tests run on a MongoDB server, or in an order that is no stricter than MongoDB's. */
export const goesByDriver = Boolean(
  process.env.ONEKEY_SANDBOX_MONGODB_URI || process.env.ONEKEY_SANDBOX_INTERLEAVING,
);

/** True when unit tests run on a MongoDB server. For `skipIf`, in tests of what only the embedded database has. */
export const isOnServer = Boolean(process.env.ONEKEY_SANDBOX_MONGODB_URI);

/** The seed of an order of commands that is no stricter than MongoDB's; undefined in other runs. */
export const interleavingSeed = process.env.ONEKEY_SANDBOX_INTERLEAVING;
/** The server that unit tests run on; undefined in other runs. */
export const serverUri = process.env.ONEKEY_SANDBOX_MONGODB_URI;
/** The mode that the tests of a file have set; read when it is called. */
export const isLiveMode = (): boolean => process.env.ONEKEY_MODE === "live";
