import { createHash } from "node:crypto";
import { request } from "node:http";
import { describe, expect, test } from "vitest";
import { customer, DOORS, rows, seen, settled, type Seen } from "../support/deployment";
import recorded from "./fixtures/newer-clients.json";

/**
 * What the clients' newest releases, which need a newer Node, send in their default settings: recorded from their own calls,
 * byte for byte, with a key of OneKey's put where they had theirs.
 */
type Recorded = {
  client: string;
  title: string;
  path: string;
  credential: string;
  headers: Record<string, string | undefined>;
  body: string;
};
const RECORDED: Recorded[] = recorded;

const sha256 = (text: string | Buffer) => createHash("sha256").update(text).digest("hex");

function send(origin: string, key: string, { path, credential, headers, body }: Recorded) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const named = credential === "authorization" ? `Bearer ${key}` : key;
    const options = {
      method: "POST",
      headers: { ...headers, [credential]: named, "content-length": Buffer.byteLength(body) },
    };
    const req = request(`${origin}${path}`, options, (res) => {
      const chunks: Buffer[] = [];
      res.on("data", (chunk: Buffer) => chunks.push(chunk));
      res.on("end", () =>
        resolve({ status: res.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
      );
    });
    req.on("error", reject);
    req.end(body);
  });
}

/** Headers that a provider may tell its own clients by: they must arrive as they were sent. */
const KEPT =
  /^(user-agent|accept|content-type|anthropic-|openai-beta|x-stainless-|x-goog-api-client)/;

describe.each(DOORS)("through %s, the newest clients' requests pass as they are:", (_, origin) => {
  const shared = customer({ credits: "50" });

  test.each(RECORDED.map((each, i) => [`${i + 1}. ${each.client}: ${each.title}`, each] as const))(
    "%s",
    async (_name, each) => {
      const { key } = await shared;
      const { status, text } = await send(origin, key, each);
      expect({ status, text }).toMatchObject({ status: 200 });
      const sent = (await seen()).at(-1) as Seen;
      expect(sent.bodySha256).toBe(sha256(each.body));
      expect(`/v1${sent.path}`.endsWith(each.path.replace(/^\/v1|\?.*$/g, ""))).toBe(true);
      for (const [name, value] of Object.entries(each.headers))
        if (KEPT.test(name)) expect(sent.headers[name], name).toBe(value);
      expect(JSON.stringify(sent.headers)).not.toContain(key);
    },
  );

  test("each of them was billed by its provider's own figures, where its answer states any", async () => {
    const { key, email } = await shared;
    await settled(email);
    const estimated = (await rows(origin, key)).filter(
      ({ usage_source }) => usage_source === "estimated",
    );
    const silent = RECORDED.filter(
      ({ path, body }) =>
        (path.endsWith("/chat/completions") && /"stream":true/.test(body)) ||
        // Sound in one piece states nothing; by characters it is exact, by tokens it cannot be.
        (path.endsWith("/audio/speech") && /gpt-4o-mini-tts/.test(body) && !/"sse"/.test(body)),
    );
    expect(estimated.length).toBe(silent.length);
  });
});

test("each client's newest release is among them", () => {
  const clients = new Set(RECORDED.map(({ client }) => client.split(" ")[0]));
  expect([...clients].sort()).toEqual(["@anthropic-ai/sdk", "@google/genai", "ai", "openai"]);
});
