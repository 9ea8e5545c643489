// The types that are published for this package are those of Express; the page thread uses it with node:http.
declare module "compression" {
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
