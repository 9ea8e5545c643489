import type { APIResponse, Page } from "@playwright/test";
import { accountOf, sessionsOf, newEmail } from "./sign-in";
import { expect, deployment, test } from "./fixtures";

test.describe("One Tap", () => {
  /** What the browser would post, after `g_csrf_token` was set by Google's script. */
  async function post(
    page: Page,
    form: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<APIResponse> {
    return page.request.post("/api/auth/one-tap", {
      headers: { origin: deployment.origin, cookie: "g_csrf_token=same", ...headers },
      form: { g_csrf_token: "same", ...form },
      maxRedirects: 0,
    });
  }

  async function credential(email: string, changes: Record<string, unknown> = {}): Promise<string> {
    const query = new URLSearchParams({ email, changes: JSON.stringify(changes) });
    return (await fetch(`${deployment.sandbox.google}/credential?${query}`)).text();
  }

  const seconds = Math.floor(Date.now() / 1000);
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const forgeries: [string, (email: string) => Promise<string>][] = [
    ["of another audience", (email) => credential(email, { aud: "someone-else" })],
    ["of another issuer", (email) => credential(email, { iss: "https://evil.example" })],
    [
      "that has expired",
      (email) => credential(email, { iat: seconds - 7200, exp: seconds - 3600 }),
    ],
    ["without an end", (email) => credential(email, { exp: null })],
    [
      "with another payload under its signature",
      async (email) => {
        const [head, payload = "", signature] = (await credential(newEmail())).split(".");
        const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as object;
        return [head, encode({ ...claims, email }), signature].join(".");
      },
    ],
    [
      "without a signature",
      async (email) => {
        const [, payload] = (await credential(email)).split(".");
        return `${encode({ alg: "none", typ: "JWT" })}.${payload}.`;
      },
    ],
    ["that is none", async () => "not-a-token"],
  ];

  for (const [title, forge] of forgeries) {
    test(`a token ${title} is refused`, async ({ page }) => {
      const email = newEmail();
      const response = await post(page, { credential: await forge(email) });
      expect(locationOf(response)).toBe("/sign-in?error=one-tap");
      expect(response.headers()["set-cookie"] ?? "").not.toContain("session-token");
      expect(await accountOf(email)).toBeNull();
    });
  }

  test("an unverified address is refused", async ({ page }) => {
    const email = newEmail();
    const response = await post(page, {
      credential: await credential(email, { email_verified: false }),
    });
    expect(locationOf(response)).toBe("/sign-in?error=google-email");
    expect(await accountOf(email)).toBeNull();
  });

  test("a valid token is refused without Google's double submit, and from another origin", async ({
    page,
  }) => {
    const email = newEmail();
    const good = { credential: await credential(email) };
    for (const cookie of ["", "g_csrf_token=other", "g_csrf_token="])
      expect(locationOf(await post(page, good, { cookie }))).toBe("/sign-in?error=one-tap");
    expect((await post(page, good, { origin: "https://evil.example" })).status()).toBe(403);
    expect(await accountOf(email)).toBeNull();
    expect(locationOf(await post(page, good))).toBe("/dashboard");
    expect(await sessionsOf(email)).toHaveLength(1);
  });
});

function locationOf(response: APIResponse): string | undefined {
  return response.headers().location;
}
