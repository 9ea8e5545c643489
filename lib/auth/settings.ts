import { emailConfigured } from "@/lib/email/send";
import { env } from "@/lib/env";
import { LinkedMethod } from "@/lib/users/schema";

/** Google, the sandbox's mock of it, or null where neither is configured. */
export function googleSettings() {
  const { google, sandboxUrls } = env();
  if (google !== null) {
    return {
      ...google,
      issuer: "https://accounts.google.com",
      jwksUrl: "https://www.googleapis.com/oauth2/v3/certs",
      scriptUrl: "https://accounts.google.com/gsi/client",
    };
  }
  const mockUrl = sandboxUrls?.google;
  if (mockUrl === undefined) return null;
  return {
    clientId: "sandbox-google",
    clientSecret: "sandbox",
    issuer: mockUrl,
    jwksUrl: `${mockUrl}/jwks`,
    scriptUrl: `${mockUrl}/gsi/client`,
  };
}

/** GitHub likewise. */
export function githubSettings() {
  const { github, sandboxUrls } = env();
  if (github !== null)
    return { ...github, webUrl: "https://github.com", apiUrl: "https://api.github.com" };
  const mockUrl = sandboxUrls?.github;
  if (mockUrl === undefined) return null;
  return { clientId: "sandbox-github", clientSecret: "sandbox", webUrl: mockUrl, apiUrl: mockUrl };
}

/** The ways to sign in that are set up here. */
export function signInMethods() {
  return {
    google: googleSettings() !== null,
    github: githubSettings() !== null,
    email: emailConfigured(),
  };
}

/** The provider of a path of ours; null for one that is not set up here. */
export function oauthMethodOf(provider: string): LinkedMethod["provider"] | null {
  const method = LinkedMethod.shape.provider.safeParse(provider);
  return method.success && signInMethods()[method.data] ? method.data : null;
}
