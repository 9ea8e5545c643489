import { scanBody } from "../body-scan";
import { findRoute } from "../request/endpoints";
import { quoteCall } from "./quote";

/** The time of the quotes in tests. */
export const at = new Date("2026-11-24T12:00:00Z");

/** The quote of a JSON body at a path. */
export async function quote(path: string, body: Record<string, unknown>) {
  const target = findRoute("POST", path, "openai");
  if (target.kind !== "forward") throw new Error(`${path} forwards nothing`);
  const scan = await scanBody({
    endpoint: target.endpoint.name,
    body: Buffer.from(JSON.stringify(body)),
    contentType: "application/json",
    ...(target.model === undefined ? {} : { pathModel: target.model }),
  });
  return quoteCall({ scan, endpoint: target.endpoint, at });
}
