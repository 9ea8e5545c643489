import { env } from "@/lib/env";

/** Resend, the sandbox's mock of it, or null where neither is there. */
export function emailSettings(): { apiKey: string; from: string; baseUrl: string } | null {
  const { resend, sandboxUrls } = env();
  if (resend !== null) return { ...resend, baseUrl: "https://api.resend.com" };
  const mockUrl = sandboxUrls?.mail;
  if (mockUrl === undefined) return null;
  return { apiKey: "sandbox-resend", from: "OneKey <hello@onekey.local>", baseUrl: mockUrl };
}
