import type { Metadata } from "next";
import { Facts } from "@/components/dashboard/facts";
import { KeyForm } from "@/components/dashboard/key-form";
import { PageHeader } from "@/components/dashboard/page-header";
import { formatDay, formatMoment } from "@/lib/format";
import { publicAddress } from "../../../../../public-address";
import { updateKeyAction } from "../../../key-actions";
import { limitTexts, projectNotes } from "../../../limit-texts";
import { modelGroups } from "../../../model-groups";
import { ownKey } from "../../../project";

type Props = PageProps<"/dashboard/projects/[id]/keys/[keyId]">;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { id, keyId } = await params;
  const { state } = await ownKey({ id, keyId }, `/dashboard/projects/${id}/keys/${keyId}`);
  return { title: state.key.name };
}

export default async function KeyPage({ params }: Props) {
  const { id, keyId } = await params;
  const { project, state, canManage } = await ownKey(
    { id, keyId },
    `/dashboard/projects/${id}/keys/${keyId}`,
  );
  const { key, live } = state;
  const isLive = live.length > 0;
  return (
    <>
      <PageHeader
        title={key.name}
        line={<span className="font-mono text-sm">{key._id}</span>}
        back={{ href: `/dashboard/projects/${id}`, name: project.name }}
      />
      <Facts
        facts={[
          {
            name: "Key",
            value: (
              <span className="font-mono">{(live.at(-1) ?? key.secrets.at(-1))?.preview}</span>
            ),
          },
          {
            name: "Created",
            value: `${formatMoment(key.createdAt)}${key.creator ? ` by ${key.creator.name}` : ""}`,
          },
          {
            name: "Last used",
            value: key.lastUsedDay ? formatDay(new Date(key.lastUsedDay)) : "Never",
          },
          { name: "Status", value: isLive ? "in use" : key.revokedAt ? "revoked" : "expired" },
        ]}
      />
      {isLive && canManage ? (
        <KeyForm
          action={updateKeyAction}
          target={{ name: "keyId", value: keyId }}
          values={{
            name: key.name,
            addresses: key.addresses?.join("\n") ?? "",
            models: key.models ?? [],
            limits: limitTexts(key.limits ?? {}),
            expiry: key.expiresAt ? formatMoment(key.expiresAt) : null,
          }}
          notes={projectNotes(project.limits)}
          groups={modelGroups(project.models)}
          back={`/dashboard/projects/${id}`}
          baseUrl={`${await publicAddress()}/v1`}
          submit="Save key"
        />
      ) : (
        <p className="max-w-prose text-muted">
          {isLive
            ? "Your role does not allow changing keys. Ask an owner, admin or developer."
            : "This key no longer works. Its usage stays on the usage page for 90 days."}
        </p>
      )}
    </>
  );
}
