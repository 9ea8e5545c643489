import { isTeam } from "@/lib/accounts/schema";
import type { AccountMember } from "@/lib/auth/member";
import { eachAuditEntry } from "@/lib/audit-log/queries";
import { listKeys } from "@/lib/keys/queries";
import { listEntries } from "@/lib/ledger/queries";
import { listPurchases } from "@/lib/purchases/queries";
import { listSessions } from "@/lib/sessions/queries";
import { findTeam } from "@/lib/teams/queries";
import { usersById } from "@/lib/users/queries";
import type { User } from "@/lib/users/schema";
import { jsonRows } from "@/lib/usage/export";
import { lastDays } from "@/lib/usage/period";
import { eachDay, eachRow } from "@/lib/usage/rows";
import { RETENTION_DAYS } from "@/lib/usage/schema";
import { listDeliveries } from "@/lib/webhook-deliveries/queries";
import { listEndpoints } from "@/lib/webhook-endpoints/queries";
import type { WebhookEndpoint } from "@/lib/webhook-endpoints/schema";
import { listWallets } from "@/lib/wallets/queries";

/** All stored data of an account, as the pieces of one JSON document. Digests of keys and tokens are left out. */
export async function* everythingOf({ account, user }: AccountMember): AsyncGenerator<string> {
  const { _id: accountId, projects, ...others } = account;
  const { keys: _keys, heldKeys: _heldKeys, expiries: _expiries, ...accountFields } = others;
  const keyViews = (await listKeys({ account })).map(({ key, live }) => {
    const { accountId: _owner, secrets, version: _version, ...fields } = key;
    const previews = secrets.map(({ preview, createdAt }) => ({ preview, createdAt }));
    return { ...fields, secrets: previews, inUse: live.length > 0 };
  });
  const sessions = (await listSessions(user._id)).map(
    ({ _id, userId: _owner, ...session }) => session,
  );
  const field = (name: string, value: unknown) =>
    `${JSON.stringify(name)}: ${JSON.stringify(value)},\n`;
  yield `{\n${field("exportedAt", new Date())}`;
  yield field("account", { id: accountId, ...accountFields, projects });
  yield field("keys", keyViews);
  yield '"auditLog": ';
  yield* listOf(auditViews(accountId));
  yield ",\n";
  yield field("webhookEndpoints", (await listEndpoints(accountId)).map(endpointView));
  yield field("webhookDeliveries", await listDeliveries({ accountId, limit: DELIVERIES_MAX }));
  if (isTeam(account)) yield field("members", await memberViews(accountId));
  else {
    yield field("user", userView(user));
    yield field("sessions", sessions);
  }
  yield field("wallets", await listWallets(accountId));
  yield field("purchases", await listPurchases({ accountId, limit: 1_000 }));
  yield field("ledger", await listEntries(accountId));
  yield '"days": ';
  yield* listOf(eachDay(accountId));
  const names = new Map(projects.map(({ id, name }) => [id, name]));
  yield ',\n"usage": ';
  yield* jsonRows({
    rows: eachRow({ accountId, ...lastDays(RETENTION_DAYS + 1) }),
    projectName: (id) => names.get(id) ?? "",
  });
  yield "}\n";
}

/** Without the digests of links. */
const userView = ({ emailChange: change, emailUndos: _undos, ...user }: User) => ({
  ...user,
  ...(change ? { newEmail: change.email } : {}),
});

/** The latest; a row holds what was posted, at most a few kilobytes. */
const DELIVERIES_MAX = 1_000;

/** Without what its signing secrets are derived from. */
const endpointView = ({ accountId: _owner, secrets: _secrets, ...endpoint }: WebhookEndpoint) =>
  endpoint;

/** Who belongs to a team; invitations without their digests. */
async function memberViews(accountId: string) {
  const team = await findTeam(accountId);
  const people = await usersById((team?.members ?? []).map(({ userId }) => userId));
  return {
    members: (team?.members ?? []).map((member) => ({
      ...member,
      name: people.get(member.userId)?.name,
      email: people.get(member.userId)?.email,
    })),
    invitations: (team?.invitations ?? []).map(({ digest: _digest, ...invitation }) => invitation),
  };
}

async function* auditViews(accountId: string) {
  for await (const { accountId: _owner, ...entry } of eachAuditEntry({ accountId })) yield entry;
}

async function* listOf(values: AsyncIterable<unknown>): AsyncGenerator<string> {
  let first = true;
  yield "[";
  for await (const value of values) {
    yield `${first ? "\n" : ",\n"}${JSON.stringify(value)}`;
    first = false;
  }
  yield "\n]";
}
