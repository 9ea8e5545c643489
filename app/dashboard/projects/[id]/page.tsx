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
            replaced={key?.replaced}
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
            This project has no key, so nothing can use it. Create one, copy it while it is shown,
            and send a request with it: the request appears on the usage page a moment later.
          </p>
        )}
      </Panel>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-7 lg:grid-cols-2">
        <LimitsPanel account={account} project={project} now={now} />
        <Panel title="Spend, last 30 days">
          <SpendBars cells={since(cells, 30)} days={30} height={132} />
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
            preview: key?.preview ?? "sk-onekey-…",
            ...(models === undefined ? {} : { models }),
          })}
        />
      </Section>
      <Panel
        title="Project"
        footer={
          <>
            <span>
              Deleting it turns its key off at once. Its usage rows stay for their 90 days, and the
              ledger as it is.
            </span>
            <DeleteProject
              project={{ id, name }}
              deleteProject={deleteProjectAction}
              consequence={`${key ? `Its key is refused from the moment you press Delete project. ${lastHour} ` : ""}Its limits are gone. Requests that are under way end and are charged, its usage rows stay for their 90 days, and the ledger as it is. A deleted project does not come back.`}
            />
          </>
        }
      >
        <NameForm
          action={renameProjectAction}
          name={name}
          projectId={id}
          help="For you alone: it is not sent to a provider."
          submit="Save name"
          busyLabel="Saving"
        />
      </Panel>
    </>
  );
}

/** What the last replacement meant while that matters, else how to replace a key without a gap. */
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
    return "A key is shown once, in full, when it is made. OneKey keeps a digest of it.";
  const recently = now - key.createdAt.getTime() < 86_400_000;
  if (recently && key.replaced !== undefined)
    return `The key this one replaced, ${key.replaced}, stopped working at ${formatTime(key.createdAt)}. ${requestsText(before)} used it in the hour before.`;
  return "To rotate without downtime, make a second project: give its key to your clients, then revoke this one.";
}
