import { publicAddress } from "../public-address";
import { openApiDocument } from "./document";

/** Open to any origin: it is the same for everyone and holds no secret. */
export const GET = async () =>
  Response.json(openApiDocument(await publicAddress()), {
    headers: { "access-control-allow-origin": "*" },
  });
