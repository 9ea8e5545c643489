/** True when unit tests run on a MongoDB server, or in an order that is no stricter than MongoDB's. */
export const goesByDriver = Boolean(
  process.env.ONEKEY_SANDBOX_MONGODB_URI || process.env.ONEKEY_SANDBOX_INTERLEAVING,
);

/** True when unit tests run on a MongoDB server. For `skipIf`, in tests of what only the embedded database has. */
export const isOnServer = Boolean(process.env.ONEKEY_SANDBOX_MONGODB_URI);
