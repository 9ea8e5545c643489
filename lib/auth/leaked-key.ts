import { pageAddress } from "@/lib/accounts/page-address";
import { findById } from "@/lib/accounts/queries";
import type { Account } from "@/lib/accounts/schema";
import { message } from "@/lib/email/message";
import { emailConfigured } from "@/lib/email/send";
import { sendToMembers } from "@/lib/email/send-to-members";
import { findKeyByDigest, getKey } from "@/lib/keys/queries";
import { revokeKey } from "@/lib/keys/revoke";
import type { Permission } from "@/lib/teams/permissions";
import { errorName, log } from "@/lib/log";
import { findManagementKeyByDigest } from "@/lib/management-keys/queries";
import { revokeManagementKey } from "@/lib/management-keys/revoke";
import { auditedWithEvents } from "@/lib/webhooks/announce";
import { SEEN_AT } from "@/lib/webhooks/build-events";

/** The digest of a key that was seen in public, and where. */
type Leak = { digest: string; url: string | null };

/**
 * Revokes the key with a digest that was seen in public, and mails its owner. True when the digest is of a key that worked until
 * now, or of one that was revoked before.
 */
export async function revokeLeakedKey({ digest, url }: Leak): Promise<boolean> {
  const key = await findKeyByDigest(digest);
  const account = key && (await findById(key.accountId));
  if (!key || !account) return false;
  const { _id: accountId } = account;
  const { live } = await getKey({ account, keyId: key._id });
  if (live.length === 0) return true;
  await auditedWithEvents(
    {
      accountId,
      type: "key.revoked",
      target: { id: key._id, name: key.name, projectId: key.projectId },
      ...byGitHub(url),
    },
    () => revokeKey({ accountId, keyId: key._id }),
  );
  log.warn("key.leaked", { accountId });
  const project = account.projects.find(({ id }) => id === key.projectId);
  if (emailConfigured())
    await mailLeak({
      account,
      permission: "projects:manage",
      name: key.name,
      preview: key.secrets.find((secret) => secret.digest === digest)?.preview ?? "",
      facts: [{ name: "Project", value: project?.name ?? "" }],
      action: { label: "Open the project", path: `/dashboard/projects/${key.projectId}` },
      url,
    }).catch((error: unknown) =>
      log.error("key.leak_mail_failed", { accountId, error: errorName(error) }),
    );
  return true;
}

/** The same for a management key. */
export async function revokeLeakedManagementKey({ digest, url }: Leak): Promise<boolean> {
  const key = await findManagementKeyByDigest(digest);
  const account = key && (await findById(key.accountId));
  if (!key || !account) return false;
  if (key.revokedAt) return true;
  const { _id: keyId, accountId, name, preview } = key;
  await auditedWithEvents(
    { accountId, type: "management_key.revoked", target: { id: keyId, name }, ...byGitHub(url) },
    () => revokeManagementKey({ accountId, keyId }),
  );
  log.warn("key.leaked", { accountId });
  if (emailConfigured())
    await mailLeak({
      account,
      permission: "integrations:manage",
      name,
      preview,
      facts: [],
      action: { label: "Open the management keys", path: "/dashboard/settings/management-keys" },
      url,
    }).catch((error: unknown) =>
      log.error("key.leak_mail_failed", { accountId, error: errorName(error) }),
    );
  return true;
}

/** What the audit log says of a revocation that GitHub caused. */
const byGitHub = (url: string | null) => ({
  actor: { kind: "service" as const, id: "github", name: "GitHub secret scanning" },
  changes: [{ name: SEEN_AT, before: null, after: url }],
  address: "",
  client: "",
});

async function mailLeak(input: {
  account: Account;
  permission: Permission;
  name: string;
  preview: string;
  facts: { name: string; value: string }[];
  action: { label: string; path: string };
  url: string | null;
}): Promise<void> {
  const { account, permission, name, preview, facts, action, url } = input;
  await sendToMembers(
    { account, permission },
    {
      subject: `Your OneKey key "${name}" was found in public and revoked`,
      ...message({
        heading: "A key of yours was found in public",
        paragraphs: [
          `GitHub reported the key ${preview} in a public place. It was revoked immediately, so that nobody else can use it. Requests with it are refused from now on.`,
          "Create another key, put it where the old one was set, and remove the old one from the place below. Look at the usage page for requests that you did not send.",
        ],
        facts: [
          { name: "Key", value: name },
          ...facts,
          ...(url === null ? [] : [{ name: "Seen at", value: url }]),
        ],
        action: { label: action.label, url: pageAddress(account, action.path) },
        reason: "This email is always sent when a key was found in public.",
      }),
    },
  );
}
