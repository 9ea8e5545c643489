import type { Metadata } from "next";
import Link from "next/link";
import { DeleteProject } from "@/components/dashboard/delete-project";
import { ExactUsageForm } from "@/components/dashboard/exact-usage-form";
import { Facts } from "@/components/dashboard/facts";
import { KeyActions } from "@/components/dashboard/key-actions";
import { NameForm } from "@/components/dashboard/name-form";
import { PageHeader } from "@/components/dashboard/page-header";
import { Section } from "@/components/dashboard/section";
import { buttonStyle } from "@/components/ui/button";
import { CodeTabs } from "@/components/ui/code-tabs";
import { Panel } from "@/components/ui/panel";
import type { Project } from "@/lib/accounts/schema";
import { env } from "@/lib/env";
import { formatMoment, formatTime } from "@/lib/format";
import { publicAddress } from "../../../public-address";
import { recentCells, since } from "../../figures";
import { SpendBars } from "../../spend-by-day";
import {
  createKeyAction,
  deleteProjectAction,
  renameProjectAction,
  revokeKeyAction,
  setExactUsageAction,
} from "../actions";
import { keyUse, ownProject, requestsText } from "../project";
import { LimitsPanel } from "./limits-panel";
import { snippetsOf } from "./snippets";

export async function generateMetadata({
  params,
}: PageProps<"/dashboard/projects/[id]">): Promise<Metadata> {
  const { id } = await params;
  const { project } = await ownProject(id, `/dashboard/projects/${id}`);
  return { title: project.name };
}

export default async function ProjectPage({ params }: PageProps<"/dashboard/projects/[id]">) {
  const { id } = await params;
  const { account, project, now } = await ownProject(id, `/dashboard/projects/${id}`);
  const { name, key, models } = project;
  const [address, use, all] = await Promise.all([
    publicAddress(),
    keyUse(project),
    recentCells(account._id),
  ]);
  const cells = all.filter((cell) => cell.projectId === id);
  const lastHour = `${requestsText(use.lastHour)} used it in the last hour.`;
  return (
    <>
      <PageHeader
        title={name}
        line={<span className="font-mono text-sm">{id}</span>}
        back={{ href: "/dashboard/projects", name: "Projects" }}
        action={
          <Link href={`/dashboard/usage?project=${id}`} prefetch={false} className={buttonStyle()}>
            Usage
          </Link>
        }
      />
      <Panel
        title="API key"
        action={
          <KeyActions
            project={{ id, name }}
            preview={key?.preview ?? null}
            oldPreview={key?.replaced}
            baseUrl={`${address}/v1`}
            lastHour={lastHour}
            createKey={createKeyAction}
            revokeKey={revokeKeyAction}
          />
        }
        footer={<span>{footnote({ key, before: use.before, now })}</span>}
      >
        {key ? (
          <Facts
            facts={[
              { name: "Key", value: <span className="font-mono">{key.preview}</span> },
              { name: "Created", value: formatMoment(key.createdAt) },
              {
                name: "Last used",
                value: use.last ? (
                  formatMoment(use.last)
                ) : (
                  <span className="text-muted">Never</span>
                ),
              },
            ]}
          />
        ) : (
          <p className="max-w-prose text-muted">
            This project has no key. Create one, copy it while it is shown, and send a request with
            it. The request appears on the usage page a moment later.
          </p>
        )}
      </Panel>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-7 lg:grid-cols-2">
        <LimitsPanel account={account} project={project} now={now} />
        <Panel title="Spend, last 30 days">
          <SpendBars cells={since(cells, 30)} recent={all} days={30} height={132} />
        </Panel>
      </div>
      <Panel title="Streams">
        <div className="grid gap-4">
          <p className="max-w-prose text-muted">
            OpenAI-style chat streams state their usage only when the request asks for it, and are{" "}
            <Link
              href="/docs/billing#when-a-stream-says-nothing-of-its-usage"
              prefetch={false}
              className="link"
            >
              estimated
            </Link>{" "}
            otherwise. The header x-onekey-exact-usage: 1 does the same for one request.
          </p>
          <ExactUsageForm
            action={setExactUsageAction}
            projectId={id}
            isOn={project.exactStreamUsage ?? env().streamUsage === "include"}
          />
        </div>
      </Panel>
      <Section title="Use it">
        <CodeTabs
          label="Snippets"
          snippets={snippetsOf({
            address,
            ...(models === undefined ? {} : { models }),
          })}
        />
      </Section>
      <Panel
        title="Project"
        footer={
          <>
            <span>
              Deleting a project disables its key immediately. Its usage rows are kept for 90 days,
              and the ledger does not change.
            </span>
            <DeleteProject
              project={{ id, name }}
              deleteProject={deleteProjectAction}
              consequence={`${key ? `Its key is refused from the moment you press Delete project. ${lastHour} ` : ""}Its limits are removed. Requests in flight finish and are charged. Its usage rows are kept for 90 days, and the ledger does not change. A deleted project cannot be restored.`}
            />
          </>
        }
      >
        <NameForm
          action={renameProjectAction}
          name={name}
          projectId={id}
          help="Only you see this name. It is not sent to a provider."
          submit="Save name"
          busyLabel="Saving"
        />
      </Panel>
    </>
  );
}

/** The effect of the last key replacement while it is recent, otherwise how to rotate a key without downtime. */
function footnote({
  key,
  before,
  now,
}: {
  key: Project["key"];
  before: number;
  now: number;
}): string {
  if (key === undefined)
    return "A key is shown in full once, when it is created. OneKey stores only a digest of it.";
  const recently = now - key.createdAt.getTime() < 86_400_000;
  if (recently && key.replaced !== undefined)
    return `The key this one replaced, ${key.replaced}, stopped working at ${formatTime(key.createdAt)}. ${requestsText(before)} used it in the hour before.`;
  return "To rotate without downtime, create a second project: give its key to your clients, then revoke this one.";
}
