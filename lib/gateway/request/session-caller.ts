import { listByIds } from "@/lib/accounts/queries";
import type { Account } from "@/lib/accounts/schema";
import { sessionCookieName } from "@/lib/auth/cookie-name";
import { isSameOrigin } from "@/lib/auth/origin";
import { AppError } from "@/lib/errors";
import { listKeys } from "@/lib/keys/queries";
import { findSession } from "@/lib/sessions/queries";
import { isAllowed } from "@/lib/teams/permissions";
import { listTeamsOf } from "@/lib/teams/queries";
import type { Role } from "@/lib/teams/schema";
import { headerOf, type Exchange } from "../exchange";

/** The header with which a page of ours names the project that its request is for. */
const PROJECT_HEADER = "x-onekey-project";
const KEY_HEADERS = ["authorization", "x-api-key", "x-goog-api-key"];

/** Whether a request is of the playground, which names a project; every other request presents its key. */
export const isOfSession = (exchange: Exchange): boolean =>
  headerOf(exchange, PROJECT_HEADER) !== undefined &&
  KEY_HEADERS.every((name) => headerOf(exchange, name) === undefined);

/**
 * The digest of the key by which a request of the playground is held: that of the project it names, when it is of an account
 * in which the signed-in person may use the playground. A page of another origin is refused: a browser attaches the cookie
 * automatically. Throws forbidden, invalid_key and not_found.
 */
export async function sessionDigest(exchange: Exchange): Promise<string> {
  const projectId = headerOf(exchange, PROJECT_HEADER) ?? "";
  const get = (name: string) => headerOf(exchange, name) ?? null;
  if (!isSameOrigin({ headers: { get } }))
    throw new AppError(
      "forbidden",
      `The header ${PROJECT_HEADER} is for OneKey's own pages. Send a key instead.`,
    );
  const token = cookieOf(exchange, sessionCookieName());
  const session = token === undefined ? null : await findSession(token);
  if (!session) throw new AppError("invalid_key", "You are signed out. Sign in again.");
  const { account, role } = await accountWith({ userId: session.userId, projectId });
  if (!isAllowed(role, "playground:manage"))
    throw new AppError("forbidden", `Your role (${role}) cannot use the playground.`);
  if (account.suspendedAt)
    throw new AppError("forbidden", "The account is suspended. Ask the operator of this server.");
  const states = await listKeys({ account, projectId });
  const secret = states.flatMap(({ live }) => live.at(-1) ?? [])[0];
  if (!secret) throw new AppError("forbidden", "The project has no key. Create one first.");
  return secret.digest;
}

/** The person's account that has a project. Throws not_found, and invalid_key when there is no account of theirs any more. */
async function accountWith(input: {
  userId: string;
  projectId: string;
}): Promise<{ account: Account; role: Role }> {
  const { userId, projectId } = input;
  const memberships = [
    { accountId: userId, role: "owner" as const },
    ...(await listTeamsOf(userId)),
  ];
  const accounts = (await listByIds(memberships.map(({ accountId }) => accountId))).filter(
    ({ erasedAt }) => erasedAt === undefined,
  );
  if (!accounts.some(({ _id }) => _id === userId))
    throw new AppError("invalid_key", "You are signed out. Sign in again.");
  const account = accounts.find(({ projects }) => projects.some(({ id }) => id === projectId));
  const role = memberships.find(({ accountId }) => accountId === account?._id)?.role;
  if (!account || !role) throw new AppError("not_found", "There is no such project.");
  return { account, role };
}

function cookieOf(exchange: Exchange, name: string): string | undefined {
  const pairs = (headerOf(exchange, "cookie") ?? "").split(";").map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}
