import type { Metadata } from "next";
import { ConfirmKey } from "@/components/dashboard/confirm-key";
import { ManagementKeyForm } from "@/components/dashboard/management-key-form";
import { PageHeader } from "@/components/dashboard/page-header";
import { Section } from "@/components/dashboard/section";
import { CodeBlock } from "@/components/ui/code-block";
import { Panel } from "@/components/ui/panel";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import { requireAccount } from "@/lib/auth/session";
import { formatDay } from "@/lib/format";
import { listManagementKeys } from "@/lib/management-keys/queries";
import type { ManagementKey } from "@/lib/management-keys/schema";
import { publicAddress } from "../../../public-address";
import { SettingsTabs } from "../tabs";
import { createManagementKeyAction, revokeManagementKeyAction } from "./actions";

export const metadata: Metadata = { title: "Management keys" };

const PAGE = "/dashboard/settings/management-keys";

export default async function ManagementKeysPage() {
  const account = await requireAccount(PAGE);
  const [keys, address] = await Promise.all([listManagementKeys(account._id), publicAddress()]);
  const project = account.projects[0]?.id ?? "prj_…";
  const command = `curl ${address}/v1/manage/projects/${project}/keys \\
  -H "Authorization: Bearer $ONEKEY_MANAGEMENT_KEY" \\
  -H "Idempotency-Key: $(uuidgen)" \\
  -H "Content-Type: application/json" \\
  -d '{"name":"zendesk-sync","limits":{"credits_per_month":"20.00"}}'`;
  return (
    <>
      <PageHeader
        title="Settings"
        line="For programs that manage the account: projects, keys, limits, usage. They cannot call models."
      />
      <SettingsTabs current={PAGE} />
      <Section title="Management keys">
        {keys.length === 0 ? (
          <p className="max-w-prose text-muted">
            No management keys yet. One lets a program do what you do here: create and rotate keys
            of projects, set limits, read usage. It cannot call models, and a key of a project
            cannot manage.
          </p>
        ) : (
          <KeysTable keys={keys} />
        )}
      </Section>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-7 lg:grid-cols-2">
        <Panel title="Create a management key">
          <ManagementKeyForm action={createManagementKeyAction} baseUrl={`${address}/v1/manage`} />
        </Panel>
        <Section title="Use it">
          <CodeBlock name="curl" copy={command} />
        </Section>
      </div>
    </>
  );
}

function KeysTable({ keys }: { keys: ManagementKey[] }) {
  return (
    <Table edge="flush" caption="Management keys">
      <thead>
        <tr>
          <Th>Name</Th>
          <Th>Scopes</Th>
          <Th wide>Created by</Th>
          <Th wide>Last used</Th>
          <Th wide>Expires</Th>
          <Th>
            <span className="sr-only">Actions</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <tr key={key._id}>
            <Td className="font-medium wrap-anywhere">
              {key.name}
              <Sub className="font-mono whitespace-nowrap">{key.preview}</Sub>
            </Td>
            <Td>{key.scopes.join(", ")}</Td>
            <Td wide className="wrap-anywhere">
              {key.creator.name}
              <Sub>{formatDay(key.createdAt)}</Sub>
            </Td>
            <Td wide muted={!key.lastUsedDay} className="whitespace-nowrap">
              {key.lastUsedDay ? formatDay(new Date(key.lastUsedDay)) : "Never"}
            </Td>
            <Td wide muted={!key.expiresAt} className="whitespace-nowrap">
              {key.expiresAt ? formatDay(key.expiresAt) : "Never"}
            </Td>
            <Td className="text-right">
              <ConfirmKey
                action={revokeManagementKeyAction}
                keyId={key._id}
                label={
                  <>
                    Revoke<span className="sr-only"> {key.name}</span>
                  </>
                }
                title={`Revoke ${key.name}?`}
                consequence={`Requests with ${key.preview} are refused from the moment you press Revoke. This cannot be undone.`}
                confirm="Revoke key"
                busyLabel="Revoking"
              />
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
