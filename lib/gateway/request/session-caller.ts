import { findById } from "@/lib/accounts/queries";
import { sessionCookieName } from "@/lib/auth/cookie-name";
import { isSameOrigin } from "@/lib/auth/origin";
import { AppError } from "@/lib/errors";
import { listKeys } from "@/lib/keys/queries";
import { findSession } from "@/lib/sessions/queries";
import { headerOf, type Exchange } from "../exchange";

/** The header with which a page of ours names the project that its request is for. */
const PROJECT_HEADER = "x-onekey-project";
const KEY_HEADERS = ["authorization", "x-api-key", "x-goog-api-key"];

/**
 * The digest of the key by which a request of the playground is held: that of the project it names, when the signed-in
 * account owns it. Null for every other request, which presents its key. A page of another origin is refused: a browser
 * attaches the cookie automatically. Throws forbidden, invalid_key and not_found.
 */
export async function sessionDigest(exchange: Exchange): Promise<string | null> {
  const projectId = headerOf(exchange, PROJECT_HEADER);
  if (projectId === undefined || KEY_HEADERS.some((name) => headerOf(exchange, name) !== undefined))
    return null;
  const get = (name: string) => headerOf(exchange, name) ?? null;
  if (!isSameOrigin({ headers: { get } }))
    throw new AppError(
      "forbidden",
      `The header ${PROJECT_HEADER} is for OneKey's own pages. Send a key instead.`,
    );
  const token = cookieOf(exchange, sessionCookieName());
  const session = token === undefined ? null : await findSession(token);
  const account = session && (await findById(session.accountId));
  if (!account || account.erasedAt !== undefined)
    throw new AppError("invalid_key", "You are signed out. Sign in again.");
  const project = account.projects.find(({ id }) => id === projectId);
  if (!project) throw new AppError("not_found", "There is no such project.");
  if (account.suspendedAt)
    throw new AppError("forbidden", "The account is suspended. Ask the operator of this server.");
  const states = await listKeys({ account, projectId });
  const secret = states.flatMap(({ live }) => live.at(-1) ?? [])[0];
  if (!secret)
    throw new AppError("forbidden", `The project ${project.name} has no key. Create one first.`);
  return secret.digest;
}

function cookieOf(exchange: Exchange, name: string): string | undefined {
  const pairs = (headerOf(exchange, "cookie") ?? "").split(";").map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}
