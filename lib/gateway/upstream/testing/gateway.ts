import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { vi } from "vitest";
import { createAccount } from "@/lib/accounts/create";
import { regenerateKey } from "@/lib/keys/regenerate";
import { handleNode } from "@/lib/gateway/adapters/node";
import { settlesTried } from "@/lib/gateway/settlement/settle";
import { grantCredits } from "@/lib/payments/grant";
import { closeChannels } from "../channels";
import type { MockUpstream } from "./mock-upstream";

/** Points every provider at the mock upstream, each with these credentials. To be called before the environment is read. */
export function useMockUpstream({ origin }: MockUpstream, credentials: string): void {
  delete (globalThis as { onekeyEnv?: unknown }).onekeyEnv;
  vi.stubEnv("ONEKEY_MODE", "live");
  vi.stubEnv("CONTACT_EMAIL", "help@example.com");
  for (const name of ["OPENAI", "ANTHROPIC", "GEMINI", "XAI"])
    vi.stubEnv(`${name}_API_KEY`, credentials);
  // A test may send more in a minute than a customer.
  vi.stubEnv("ACCOUNT_REQUESTS_PER_MINUTE", "1000000");
  vi.stubEnv("NEW_ACCOUNT_REQUESTS_PER_MINUTE", "1000000");
  vi.stubEnv("NEW_ACCOUNT_REQUESTS_IN_FLIGHT", "500");
  vi.stubEnv("OPENAI_BASE_URL", `${origin}/v1`);
  vi.stubEnv("XAI_BASE_URL", `${origin}/v1`);
  vi.stubEnv("ANTHROPIC_BASE_URL", origin);
  vi.stubEnv("GOOGLE_GEMINI_BASE_URL", origin);
}

/** Changes the credentials of all providers. */
export async function setCredentials(upstream: MockUpstream, credentials: string): Promise<void> {
  await closeChannels();
  useMockUpstream(upstream, credentials);
}

/** The gateway on a loopback port, in this process. */
export async function startGateway(): Promise<{ origin: string; close(): Promise<void> }> {
  // On a busy machine a client would send on a connection that is just being closed as idle.
  const server = createServer(
    { keepAliveTimeout: 60_000 },
    (req, res) => void handleNode(req, res),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await closeChannels();
      await settlesTried();
    },
  };
}

let accountCount = 0;

/** The key of a new account with credits (nano-credits). */
export async function createCustomer({ credits = 10 ** 13 } = {}): Promise<{
  accountId: string;
  key: string;
}> {
  const account = await createAccount({ email: `customer-${++accountCount}@example.com` });
  await grantCredits({ accountId: account._id, amount: credits, reason: "test", operator: null });
  const projectId = account.projects[0]?.id ?? "";
  return {
    accountId: account._id,
    key: await regenerateKey({ accountId: account._id, projectId }),
  };
}
