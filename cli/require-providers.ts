import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";

/**
 * Throws bad_request where a command cannot reach the providers: only the servers of a sandbox have the addresses of its mocks.
 * `advice` says what to do.
 */
export function requireProviders(advice: string): void {
  const { mode, sandboxUrls } = env();
  if (mode === "sandbox" && sandboxUrls?.providers === undefined)
    throw new AppError(
      "bad_request",
      `In the sandbox this command cannot reach the mock providers. ${advice}`,
    );
}
