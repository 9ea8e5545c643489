import { createHash } from "node:crypto";
import { request } from "node:http";
import { describe, expect, test } from "vitest";
import {
  createCustomer,
  ADAPTERS,
  listUsage,
  providerRequests,
  waitUntilSettled,
  type ProviderRequest,
} from "../support/shared-deployment";
import { isLive } from "../support/models";
import recorded from "./fixtures/newer-clients.json";

/**
 * What the clients' newest releases, which need a newer Node, send in their default settings: recorded from their own calls,
 * byte for byte, with a key of OneKey's put where they had theirs.
 */
type RecordedRequest = {
  client: string;
  title: string;
  path: string;
  credential: string;
  headers: Record<string, string | undefined>;
  body: string;
};
/** A request for a model that has ended is left out: no other model has its endpoint. */
const RECORDED: RecordedRequest[] = recorded.filter(({ body }) => {
  const model = /"model":\s*"([^"]+)"/.exec(body)?.[1];
  return model === undefined || isLive(model);
});

const sha256 = (text: string | Buffer) => createHash("sha256").update(text).digest("hex");

function send(origin: string, key: string, { path, credential, headers, body }: RecordedRequest) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const credentialValue = credential === "authorization" ? `Bearer ${key}` : key;
    const options = {
      method: "POST",
      headers: {
        ...headers,
        [credential]: credentialValue,
        "content-length": Buffer.byteLength(body),
      },
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

/** Headers that a provider may identify its clients by: they must arrive as they were sent. */
const KEPT =
  /^(user-agent|accept|content-type|anthropic-|openai-beta|x-stainless-|x-goog-api-client)/;

describe.each(ADAPTERS)(
  "through %s, the newest clients' requests pass as they are:",
  (_, origin) => {
    const sharedCustomer = createCustomer({ credits: "50" });

    test.each(
      RECORDED.map(
        (recording, i) => [`${i + 1}. ${recording.client}: ${recording.title}`, recording] as const,
      ),
    )("%s", async (_name, recording) => {
      const { key } = await sharedCustomer;
      const { status, text } = await send(origin, key, recording);
      expect({ status, text }).toMatchObject({ status: 200 });
      const request = (await providerRequests()).at(-1) as ProviderRequest;
      expect(request.bodySha256).toBe(sha256(recording.body));
      expect(`/v1${request.path}`.endsWith(recording.path.replace(/^\/v1|\?.*$/g, ""))).toBe(true);
      for (const [name, value] of Object.entries(recording.headers))
        if (KEPT.test(name)) expect(request.headers[name], name).toBe(value);
      expect(JSON.stringify(request.headers)).not.toContain(key);
    });

    test("each of them was billed by its provider's own figures, where its answer states any", async () => {
      const { key, email } = await sharedCustomer;
      await waitUntilSettled(email);
      const estimatedRows = (await listUsage(origin, key)).filter(
        ({ usage_source }) => usage_source === "estimated",
      );
      const silent = RECORDED.filter(
        ({ path, body }) =>
          (path.endsWith("/chat/completions") && /"stream":true/.test(body)) ||
          // Sound in one piece states nothing; by characters it is exact, by tokens it cannot be.
          (path.endsWith("/audio/speech") && /gpt-4o-mini-tts/.test(body) && !/"sse"/.test(body)),
      );
      expect(estimatedRows.length).toBe(silent.length);
    });
  },
);

test("each client's newest release is among them", () => {
  const clients = new Set(RECORDED.map(({ client }) => client.split(" ")[0]));
  expect([...clients].sort()).toEqual(["@anthropic-ai/sdk", "@google/genai", "ai", "openai"]);
});
