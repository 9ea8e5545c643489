import { builtParts, type DeploymentPart } from "./facts";

interface CookieFact {
  name: string;
  when: string;
  purpose: string;
  lasts: string;
  part: DeploymentPart;
}

/** Every cookie that a page of this server can set. */
export function cookiesOf(facts: {
  sessionCookie: string;
  sessionDays: number;
  analytics: boolean;
}): CookieFact[] {
  const all: CookieFact[] = [
    {
      name: facts.sessionCookie,
      when: "After you sign in",
      purpose: "Keeps you signed in: httpOnly, SameSite=Lax, Secure on https",
      lasts: `${facts.sessionDays} days, or until you sign out`,
      part: "signIn",
    },
    {
      name: "next-auth.state, .pkce.code_verifier, .nonce, .callback-url, .link",
      when: "While you sign in with Google or GitHub, or link one of them",
      purpose: "Tie its answer to your browser, and say where you go then",
      lasts: "Until you are back, at most 15 minutes",
      part: "signIn",
    },
    {
      name: "g_state, g_csrf_token",
      when: "After you choose One Tap",
      purpose: "Google’s script sets them; the second ties its answer to this site",
      lasts: "Until you are signed in",
      part: "signIn",
    },
    ...(facts.analytics
      ? ([
          {
            name: "CookieConsent",
            when: "After you chose",
            purpose: "Cookiebot’s, keeps your choice",
            lasts: "Up to a year",
            part: "analytics",
          },
          {
            name: "_ga, _ga_…",
            when: "After you accept statistics",
            purpose: "Google Analytics, distinguishes visits",
            lasts: "Two years, or until you withdraw",
            part: "analytics",
          },
        ] satisfies CookieFact[])
      : []),
  ];
  return all.filter(({ part }) => builtParts[part]);
}
