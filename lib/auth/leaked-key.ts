import { findById } from "@/lib/accounts/queries";
import { audited } from "@/lib/audit-log/record";
import { message } from "@/lib/email/message";
import { emailConfigured, sendEmail } from "@/lib/email/send";
import { env } from "@/lib/env";
import { findKeyByDigest, getKey } from "@/lib/keys/queries";
import { revokeKey } from "@/lib/keys/revoke";
import { errorName, log } from "@/lib/log";

/**
 * Revokes the key with a digest that was seen in public, and mails its owner. True when the digest is of a key that worked until
 * now, or of one that was revoked before.
 */
export async function revokeLeakedKey({
  digest,
  url,
}: {
  digest: string;
  url: string | null;
}): Promise<boolean> {
  const key = await findKeyByDigest(digest);
  const account = key && (await findById(key.accountId));
  if (!key || !account) return false;
  const { _id: accountId, email } = account;
  const { live } = await getKey({ account, keyId: key._id });
  if (live.length === 0) return true;
  await audited(
    {
      accountId,
      actor: { kind: "service", id: "github", name: "GitHub secret scanning" },
      type: "key.revoked",
      target: { id: key._id, name: key.name, projectId: key.projectId },
      changes: [{ name: "Seen at", before: null, after: url }],
      address: "",
      client: "",
    },
    () => revokeKey({ accountId, keyId: key._id }),
  );
  log.warn("key.leaked", { accountId });
  const project = account.projects.find(({ id }) => id === key.projectId);
  if (emailConfigured())
    await mailLeak({
      to: email,
      name: key.name,
      preview: key.secrets.find((secret) => secret.digest === digest)?.preview ?? "",
      project: { id: key.projectId, name: project?.name ?? "" },
      url,
    }).catch((error: unknown) =>
      log.error("key.leak_mail_failed", { accountId, error: errorName(error) }),
    );
  return true;
}

async function mailLeak(input: {
  to: string;
  name: string;
  preview: string;
  project: { id: string; name: string };
  url: string | null;
}): Promise<void> {
  const { to, name, preview, project, url } = input;
  await sendEmail({
    to,
    subject: `Your OneKey key "${name}" was found in public and revoked`,
    ...message({
      heading: "A key of yours was found in public",
      paragraphs: [
        `GitHub reported the key ${preview} in a public place. It was revoked immediately, so that nobody else can use it. Requests with it are refused from now on.`,
        "Create another key, put it where the old one was set, and remove the old one from the place below. Look at the usage page for requests that you did not send.",
      ],
      facts: [
        { name: "Key", value: name },
        { name: "Project", value: project.name },
        ...(url === null ? [] : [{ name: "Seen at", value: url }]),
      ],
      action: {
        label: "Open the project",
        url: `${env().nextauthUrl}/dashboard/projects/${project.id}`,
      },
      reason: "This email is always sent when a key was found in public.",
    }),
  });
}
