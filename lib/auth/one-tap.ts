import { timingSafeEqual } from "node:crypto";
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload } from "jose";
import type { NextRequest } from "next/server";
import { EmailAddress } from "@/lib/accounts/schema";
import { log } from "@/lib/log";
import { createSession } from "@/lib/sessions/create";
import { clientOf } from "./client";
import { formOf } from "./form";
import { HOME, safePath } from "./next-path";
import { isSameOrigin } from "./origin";
import { userOfPerson } from "./person";
import { foreignOrigin, noSuchPage, notSignedIn, signedIn } from "./respond";
import { googleSettings } from "./settings";
import { takeOverDebts } from "./take-over-debts";

type GoogleKeys = NonNullable<ReturnType<typeof googleSettings>>;

/** Signs in with the ID token that Google's script posts from our sign-in page. */
export async function signInByOneTap(request: NextRequest): Promise<Response> {
  const google = googleSettings();
  if (google === null) return noSuchPage();
  if (!isSameOrigin(request)) return foreignOrigin();
  const next = nextOf(request);
  const form = await formOf(request);
  if (!isSameToken(request.cookies.get("g_csrf_token")?.value, form.get("g_csrf_token")))
    return notSignedIn({ request, problem: "one-tap", next });
  const token = await verify({ google, credential: String(form.get("credential")) });
  if (typeof token === "string") return notSignedIn({ request, problem: token, next });
  const email = EmailAddress.safeParse(token.email);
  if (!email.success || token.email_verified !== true)
    return notSignedIn({ request, problem: "google-email", next });
  const user = await userOfPerson({
    provider: "google",
    subject: token.sub ?? "",
    email: email.data,
    name: token.name,
    imageUrl: token.picture,
    client: clientOf(request.headers),
  });
  await takeOverDebts(user._id);
  const userAgent = request.headers.get("user-agent") ?? "";
  const session = await createSession({ userId: user._id, method: "google", userAgent });
  return signedIn({ request, session, next });
}

/** The claims of a token that Google signed for us and that has not expired. */
async function verify({
  google,
  credential,
}: {
  google: GoogleKeys;
  credential: string;
}): Promise<JWTPayload | "one-tap" | "unavailable"> {
  try {
    const { payload } = await jwtVerify(credential, keysAt(google.jwksUrl), {
      issuer: [google.issuer, google.issuer.replace("https://", "")],
      audience: google.clientId,
      algorithms: ["RS256"],
      requiredClaims: ["exp", "sub"],
    });
    return payload;
  } catch (error) {
    const isForged = error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout);
    log.warn("one-tap.refused", {
      code: error instanceof errors.JOSEError ? error.code : "unreachable",
    });
    return isForged ? "one-tap" : "unavailable";
  }
}

const keySets = new Map<string, ReturnType<typeof createRemoteJWKSet>>();

function keysAt(url: string) {
  const keySet = keySets.get(url) ?? createRemoteJWKSet(new URL(url));
  keySets.set(url, keySet);
  return keySet;
}

/** Google's double submit: a script on another site can post a form here, but neither read nor set our cookies. */
function isSameToken(cookie: string | undefined, field: string | null): boolean {
  if (!cookie || !field) return false;
  const [a, b] = [Buffer.from(cookie), Buffer.from(field)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Google's script adds no field of ours, so where to go next is read from the address of the page that it ran on. */
function nextOf(request: NextRequest): string {
  const page = request.headers.get("referer");
  return page !== null && URL.canParse(page)
    ? safePath(new URL(page).searchParams.get("next"))
    : HOME;
}
