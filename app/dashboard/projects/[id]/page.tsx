import { Plus } from "lucide-react";
import type { Metadata } from "next";
import { Link } from "@/components/ui/link";
import { DeleteProject } from "@/components/dashboard/delete-project";
import { ExactUsageForm } from "@/components/dashboard/exact-usage-form";
import { NameForm } from "@/components/dashboard/name-form";
import { PageHeader } from "@/components/dashboard/page-header";
import { SavedNotice } from "@/components/dashboard/saved-notice";
import { Section } from "@/components/dashboard/section";
import { buttonStyle } from "@/components/ui/button";
import { CodeTabs } from "@/components/ui/code-tabs";
import { Panel } from "@/components/ui/panel";
import { env } from "@/lib/env";
import { formatCount } from "@/lib/format";
import { publicAddress } from "../../../public-address";
import { recentCells, since } from "../../figures";
import { SpendBars } from "../../spend-by-day";
import { deleteProjectAction, renameProjectAction, setExactUsageAction } from "../actions";
import { ownProject, projectKeys, requestsText } from "../project";
import { KeysSection } from "./keys-section";
import { LimitsPanel } from "./limits-panel";
import { snippetsOf } from "./snippets";

export async function generateMetadata({
  params,
}: PageProps<"/dashboard/projects/[id]">): Promise<Metadata> {
  const { id } = await params;
  const { project } = await ownProject(id, `/dashboard/projects/${id}`);
  return { title: project.name };
}

/** What a form that leads here says when it has saved. */
const savedTexts: Record<string, string> = {
  limits: "The limits are saved. They hold from the next request on.",
  key: "The key is saved. What you set holds from the next request on.",
};

export default async function ProjectPage({
  params,
  searchParams,
}: PageProps<"/dashboard/projects/[id]">) {
  const [{ id }, query] = await Promise.all([params, searchParams]);
  const savedText = typeof query.saved === "string" ? savedTexts[query.saved] : undefined;
  const { account, project, canManage, now } = await ownProject(id, `/dashboard/projects/${id}`);
  const { name, models } = project;
  const [address, rows, all] = await Promise.all([
    publicAddress(),
    projectKeys({ account, project, now }),
    recentCells(account._id),
  ]);
  const cells = all.filter((cell) => cell.projectId === id);
  const working = rows.filter(({ live }) => live.length > 0);
  const lastHour = working.reduce((sum, row) => sum + row.lastHour, 0);
  const ending =
    working.length === 0
      ? ""
      : `${working.length === 1 ? "Its key is" : `Its ${formatCount(working.length)} keys are`} refused from the moment you press Delete project. ${requestsText(lastHour)} used ${working.length === 1 ? "it" : "them"} in the last hour. `;
  return (
    <>
      <PageHeader
        title={name}
        line={<span className="font-mono text-sm">{id}</span>}
        back={{ href: "/dashboard/projects", name: "Projects" }}
        action={
          <>
            <Link
              href={`/dashboard/usage?project=${id}`}
              prefetch={false}
              className={buttonStyle()}
            >
              Usage
            </Link>
            {working.length === 0 || !canManage ? null : (
              <Link
                href={`/dashboard/projects/${id}/keys/new`}
                prefetch={false}
                className={buttonStyle({ variant: "primary" })}
              >
                <Plus aria-hidden="true" />
                Create key
              </Link>
            )}
          </>
        }
      />
      {savedText === undefined ? null : <SavedNotice>{savedText}</SavedNotice>}
      <KeysSection
        account={account}
        project={project}
        canManage={canManage}
        now={now}
        rows={rows}
        baseUrl={`${address}/v1`}
      />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-7 lg:grid-cols-2">
        <LimitsPanel account={account} project={project} canManage={canManage} now={now} />
        <Panel title="Spend, last 30 days">
          <SpendBars cells={since(cells, 30)} recent={all} days={30} height={132} />
        </Panel>
      </div>
      {canManage ? (
        <Panel title="Streams">
          <div className="grid gap-4">
            <p className="max-w-prose text-muted">
              OpenAI-style chat streams state their usage only when the request asks for it, and are{" "}
              <Link
                href="/docs/estimates#how-an-estimate-is-counted"
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
      ) : null}
      <Section title="Use it">
        <CodeTabs
          label="Snippets"
          snippets={snippetsOf({
            address,
            ...(models === undefined ? {} : { models }),
          })}
        />
      </Section>
      {canManage ? (
        <Panel
          title="Project"
          footer={
            <>
              <span>
                Deleting a project disables its keys immediately. Its usage rows are kept for 90
                days, and the ledger does not change.
              </span>
              <DeleteProject
                project={{ id, name }}
                deleteProject={deleteProjectAction}
                consequence={`${ending}Its limits are removed. Requests in flight finish and are charged. Its usage rows are kept for 90 days, and the ledger does not change. A deleted project cannot be restored.`}
              />
            </>
          }
        >
          <NameForm
            action={renameProjectAction}
            name={name}
            projectId={id}
            help="It is not sent to a provider."
            submit="Save name"
            busyLabel="Saving"
          />
        </Panel>
      ) : null}
    </>
  );
}
