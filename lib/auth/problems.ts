/** Why a sign-in did not happen, as the sign-in page says it: what happened and what to do. */
export const problems = {
  link: "This link was used before, or is older than 15 minutes. Ask for a new one.",
  cancelled: "The sign-in was cancelled. Nothing was changed.",
  mismatch:
    "The answer did not belong to a sign-in that this browser began in the last 15 minutes. Nothing was changed: start again.",
  "google-email":
    "Google has not verified the email address of that account. Verify it with Google, or use another way.",
  "github-email":
    "GitHub has not verified the primary email address of that account. Verify it at github.com/settings/emails, then try again.",
  "one-tap":
    "Google's answer was not valid. Nothing was changed: try again, or continue with Google below.",
  unavailable: "The other side did not answer. Try again in a minute, or use another way.",
  failed: "The sign-in failed on our side. Nothing was changed: try again.",
} as const;

export type SignInProblem = keyof typeof problems;

export function isProblem(text: unknown): text is SignInProblem {
  return typeof text === "string" && Object.hasOwn(problems, text);
}

/** The problem that each of next-auth's error codes means. */
export function problemOf(code: string): SignInProblem {
  if (isProblem(code)) return code;
  if (code === "Verification") return "link";
  if (code === "OAuthCallback") return "mismatch";
  if (code === "OAuthSignin" || code === "EmailSignin") return "unavailable";
  return "failed";
}
