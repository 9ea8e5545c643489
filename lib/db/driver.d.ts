// A part of the driver that it does not export and has no types for.
declare module "mongodb/lib/cmap/connection.js" {
  import type { Socket } from "node:net";

  export const Connection: {
    prototype: { readonly socket: Socket; cleanup(error: Error): void };
  };
}
