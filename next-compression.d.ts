// What Next itself compresses with, bundled with it and without types of its own.
declare module "next/dist/compiled/compression/index.js" {
  import type { IncomingMessage, ServerResponse } from "node:http";

  type Filter = (req: IncomingMessage, res: ServerResponse) => boolean;
  interface Compression {
    (options: {
      filter: Filter;
    }): (req: IncomingMessage, res: ServerResponse, next: () => void) => void;
    filter: Filter;
  }
  const compression: Compression;
  export default compression;
}
