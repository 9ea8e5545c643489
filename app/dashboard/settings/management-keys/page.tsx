import type { Metadata } from "next";
import { Link } from "@/components/ui/link";
import { ManagementKeyForm } from "@/components/dashboard/management-key-form";
import { PageHeader } from "@/components/dashboard/page-header";
import { Section } from "@/components/dashboard/section";
import { CodeBlock } from "@/components/ui/code-block";
import { Panel } from "@/components/ui/panel";
import { Table, Td, Th } from "@/components/ui/table";
import { requireMember } from "@/lib/auth/member";
import { formatCount } from "@/lib/format";
import { listManagementKeys } from "@/lib/management-keys/queries";
import { MANAGEMENT_KEYS_MAX, ManagementScope } from "@/lib/management-keys/schema";
import { isAllowed } from "@/lib/teams/permissions";
import { publicAddress } from "../../../public-address";
import { SettingsTabs } from "../tabs";
import { createManagementKeyAction } from "./actions";
import { ManagementKeysTable } from "./keys-table";

export const metadata: Metadata = { title: "Management keys" };

const PAGE = "/dashboard/settings/management-keys";

export default async function ManagementKeysPage() {
  const { account, role } = await requireMember("integrations:view", PAGE);
  const canManage = isAllowed(role, "integrations:manage");
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
      <SettingsTabs current={PAGE} viewerRole={role} />
      <Section
        title="Management keys"
        action={
          <span className="text-sm text-muted tabular-nums">
            {formatCount(keys.length)} of {MANAGEMENT_KEYS_MAX}
          </span>
        }
      >
        {keys.length === 0 ? (
          <p className="max-w-prose text-muted">
            No management keys yet. One lets a program do what you do here: create and rotate keys
            of projects, set limits, read usage. It cannot call models, and a key of a project
            cannot manage.
          </p>
        ) : (
          <ManagementKeysTable keys={keys} baseUrl={`${address}/v1/manage`} canManage={canManage} />
        )}
      </Section>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-7 lg:grid-cols-2">
        {canManage ? (
          <Panel title="Create a management key">
            <ManagementKeyForm
              action={createManagementKeyAction}
              baseUrl={`${address}/v1/manage`}
            />
          </Panel>
        ) : null}
        <div className="grid grid-cols-[minmax(0,1fr)] gap-7">
          <Section title="Scopes">
            <ScopesTable />
          </Section>
          <Section
            title="Create a key by API"
            action={
              <Link href="/docs/management-api" prefetch={false} className="link text-sm">
                Reference
              </Link>
            }
          >
            <CodeBlock name="Request" copy={command} />
          </Section>
        </div>
      </div>
    </>
  );
}

const SCOPES: Record<ManagementScope, string> = {
  read: "Read projects, keys without their secret, limits, credits, ledger, usage, audit log, webhooks and their deliveries",
  keys: "Create, rotate and revoke model keys; create, rename and delete projects",
  limits: "Set limits of account, projects and keys",
  members: "Invite, change roles, remove; never owners",
  webhooks: "Add, change, test and delete webhook endpoints, send deliveries again",
};

function ScopesTable() {
  return (
    <>
      <Table edge="flush" caption="Scopes of management keys">
        <thead>
          <tr>
            <Th>Scope</Th>
            <Th>Allows</Th>
          </tr>
        </thead>
        <tbody>
          {ManagementScope.options.map((scope) => (
            <tr key={scope}>
              <Td className="font-mono">{scope}</Td>
              <Td>{SCOPES[scope]}</Td>
            </tr>
          ))}
        </tbody>
      </Table>
      <p className="text-sm text-muted">
        No scope calls models, buys credits, or creates management keys.
      </p>
    </>
  );
}
