import { expect } from "vitest";
import { startStripe } from "@/sandbox/stripe";
import { deployment } from "./shared-deployment";
import { launchServer, type LaunchedProcess } from "./processes";

export type IngressServer = LaunchedProcess & { origin: string };

/** A server with a mock Stripe, so that its webhook responds, and the settings given. */
export async function startIngressServer(settings: Record<string, string> = {}) {
  const stripe = await startStripe();
  const server = await launchServer({
    environment: { ...deployment.environment, ONEKEY_SANDBOX_STRIPE: stripe.url, ...settings },
  });
  return {
    ...server,
    stop: async () => {
      const code = await server.stop();
      await stripe.close();
      return code;
    },
  };
}

/** The server serves on, in the process that it was. */
export async function expectUp({ child, origin }: IngressServer): Promise<void> {
  expect(child.exitCode).toBeNull();
  expect((await fetch(`${origin}/api/health`)).status).toBe(200);
  expect((await fetch(`${origin}/docs`)).status).toBe(200);
}
