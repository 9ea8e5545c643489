import { publicAddress } from "@/app/public-address";
import { env } from "@/lib/env";

const VALID_DAYS = 180;

/** Where to report a vulnerability (RFC 9116). */
export async function GET(): Promise<Response> {
  const address = await publicAddress();
  const { contactEmail } = env();
  const expires = new Date(Date.now() + VALID_DAYS * 86_400_000);
  expires.setUTCHours(0, 0, 0, 0);
  const lines = [
    ...(contactEmail === null ? [] : [`Contact: mailto:${contactEmail}`]),
    `Contact: ${address}/contact`,
    `Expires: ${expires.toISOString()}`,
    "Preferred-Languages: en",
    `Canonical: ${address}/.well-known/security.txt`,
    `Policy: ${address}/contact#report`,
  ];
  return new Response(`${lines.join("\n")}\n`, {
    headers: { "content-type": "text/plain; charset=utf-8" },
  });
}
