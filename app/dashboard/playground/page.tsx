import { listKeys } from "@/lib/keys/queries";
import type { Metadata } from "next";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/dashboard/page-header";
import { Playground } from "@/components/playground/playground";
import { buttonStyle } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { requireMember } from "@/lib/auth/member";
import { listPlaygroundModels } from "@/lib/playground/models";
import { publicAddress } from "../../public-address";

export const metadata: Metadata = { title: "Playground" };

const MODELS_MAX = 4;

/** Tries models in the browser. What is written there is sent to the models and stored nowhere. */
export default async function PlaygroundPage({ searchParams }: PageProps<"/dashboard/playground">) {
  const { model, project } = await searchParams;
  const requestedIds = [model ?? []].flat();
  const query = requestedIds.map((id) => `model=${encodeURIComponent(id)}`).join("&");
  const { account } = await requireMember(
    "playground:manage",
    `/dashboard/playground${query === "" ? "" : `?${query}`}`,
  );
  const models = listPlaygroundModels();
  const keys = (await listKeys({ account })).filter(({ live }) => live.length > 0);
  const projects = account.projects
    .filter(({ id }) => keys.some(({ key }) => key.projectId === id))
    .map(({ id, name }) => ({ id, name }));
  const chosenProject = projects.find(({ id }) => id === project) ?? projects[0];
  if (chosenProject === undefined) return <NoKey />;
  const requestedModels = requestedIds.flatMap(
    (id) => models.find((candidate) => candidate.id === id) ?? [],
  );
  const chats = requestedModels.filter(({ kind }) => kind === "text").slice(0, MODELS_MAX);
  const usual = models.find(({ id }) => /haiku|flash|mini/.test(id)) ?? models[0];
  const shownModels =
    requestedModels[0]?.kind === "text" || requestedModels.length === 0
      ? chats
      : requestedModels.slice(0, 1);
  return (
    <Playground
      models={models}
      projects={projects}
      chosenModels={(shownModels.length > 0 ? shownModels : usual ? [usual] : []).map(
        ({ id }) => id,
      )}
      chosenProject={chosenProject.id}
      address={await publicAddress()}
    />
  );
}

function NoKey() {
  return (
    <>
      <PageHeader
        title="Playground"
        line="Try any model in the browser. The conversation lives in this tab and is not stored."
      />
      <div className="rounded-lg border border-line max-md:px-4">
        <Empty
          title="Create a key first"
          action={
            <Link href="/dashboard" className={buttonStyle({ variant: "primary" })}>
              Create key
            </Link>
          }
        >
          The playground sends its requests for a project, within its limits. No project of yours
          has a key yet.
        </Empty>
      </div>
    </>
  );
}
