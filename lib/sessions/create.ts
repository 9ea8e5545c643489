import { now } from "@/lib/clock";
import { randomBytes } from "node:crypto";
import { hashOf, sessions } from "./collection";
import { SESSION_DAYS, type Session, type SignInMethod } from "./schema";

/** A new session; the token (32 random bytes, base64url) exists only in the response and then in the cookie. */
export async function createSession(input: {
  userId: string;
  method: SignInMethod;
  userAgent: string;
}): Promise<{ token: string; expires: Date }> {
  const token = randomBytes(32).toString("base64url");
  const createdAt = new Date(now());
  const session: Session = {
    _id: hashOf(token),
    userId: input.userId,
    createdAt,
    expires: new Date(createdAt.getTime() + SESSION_DAYS * 86_400_000),
    method: input.method,
    userAgent: input.userAgent.slice(0, 200),
  };
  await sessions.insertOne(session);
  return { token, expires: session.expires };
}
