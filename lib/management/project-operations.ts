import { setAccountLimits, setLimits } from "@/lib/accounts/limits";
import { createProject, projectMissing, renameProject } from "@/lib/accounts/projects";
import type { Project } from "@/lib/accounts/schema";
import { changesBetween } from "@/lib/audit-log/changes";
import { deleteRecordedProject } from "@/lib/webhooks/delete-project";
import { changeBy, etagOf, requireMatch } from "./change";
import { INPUTS, parseInput } from "./input";
import type { ManagementContext, ManagementOperation } from "./operation";
import { limitsView, projectView } from "./views";

/** The project that the path names. Another account's is the same 404 as a missing one. */
export function projectOf({ caller, params }: ManagementContext): Project {
  const project = caller.account.projects.find(({ id }) => id === params[0]);
  if (!project) throw projectMissing();
  return project;
}

const targetOf = ({ id, name }: Project) => ({ id, name, projectId: id });

export const projectOperations: ManagementOperation[] = [
  {
    method: "GET",
    path: "/projects",
    scope: "read",
    run: async ({ caller }) => ({
      status: 200,
      body: { data: caller.account.projects.map(projectView) },
    }),
  },
  {
    method: "POST",
    path: "/projects",
    scope: "keys",
    run: async ({ caller, body }) => {
      const { name } = parseInput(INPUTS.newProject, body);
      const project = await changeBy(caller, "project.created", async (note) => {
        const project = await createProject({ accountId: caller.account._id, name });
        note({ target: targetOf(project) });
        return project;
      });
      const view = projectView(project);
      return { status: 201, body: view, etag: etagOf(view) };
    },
  },
  {
    method: "GET",
    path: "/projects/{project}",
    scope: "read",
    run: async (context) => {
      const view = projectView(projectOf(context));
      return { status: 200, body: view, etag: etagOf(view) };
    },
  },
  {
    method: "PATCH",
    path: "/projects/{project}",
    scope: "keys",
    run: async (context) => {
      const { caller, body, ifMatch } = context;
      const project = projectOf(context);
      const { name } = parseInput(INPUTS.newProject, body);
      requireMatch(ifMatch, projectView(project));
      await changeBy(caller, "project.renamed", async (note) => {
        const accountId = caller.account._id;
        await renameProject({ accountId, projectId: project.id, name, formerName: project.name });
        const changes = changesBetween({ name: project.name }, { name });
        note({ target: targetOf({ ...project, name }), changes });
      });
      const view = projectView({ ...project, name });
      return { status: 200, body: view, etag: etagOf(view) };
    },
  },
  {
    method: "DELETE",
    path: "/projects/{project}",
    scope: "keys",
    run: async (context) => {
      const { caller } = context;
      const project = projectOf(context);
      await deleteRecordedProject({
        account: caller.account,
        projectId: project.id,
        record: (type, target, work) =>
          changeBy(caller, type, async (note) => {
            await work();
            note({ target });
          }),
      });
      return { status: 204 };
    },
  },
  {
    method: "GET",
    path: "/limits",
    scope: "read",
    run: async ({ caller }) => {
      const view = limitsView(caller.account.limits ?? {});
      return { status: 200, body: view, etag: etagOf(view) };
    },
  },
  {
    method: "PUT",
    path: "/limits",
    scope: "limits",
    run: async ({ caller, body, ifMatch }) => {
      const { account } = caller;
      const limits = parseInput(INPUTS.accountLimits, body);
      requireMatch(ifMatch, limitsView(account.limits ?? {}));
      await changeBy(caller, "limits.changed", async (note) => {
        const version = account.rulesVersion ?? 0;
        const before = await setAccountLimits({ accountId: account._id, limits, version });
        note({ changes: changesBetween(before, limits) });
      });
      const view = limitsView(limits);
      return { status: 200, body: view, etag: etagOf(view) };
    },
  },
  {
    method: "GET",
    path: "/projects/{project}/limits",
    scope: "read",
    run: async (context) => {
      const view = limitsView(projectOf(context).limits);
      return { status: 200, body: view, etag: etagOf(view) };
    },
  },
  {
    method: "PUT",
    path: "/projects/{project}/limits",
    scope: "limits",
    run: async (context) => {
      const { caller, body, ifMatch } = context;
      const { account } = caller;
      const project = projectOf(context);
      const { models, addresses, origins, priceGuard } = project;
      const lists = { models, addresses, origins, priceGuard: priceGuard !== undefined };
      const limits = parseInput(INPUTS.accountLimits, body);
      requireMatch(ifMatch, limitsView(project.limits));
      await changeBy(caller, "limits.changed", async (note) => {
        const before = await setLimits({
          accountId: account._id,
          projectId: project.id,
          limits: { ...limits, ...lists },
          version: account.rulesVersion ?? 0,
        });
        const changes = changesBetween(before, { ...limits, ...lists });
        note({ target: targetOf(project), changes });
      });
      const view = limitsView(limits);
      return { status: 200, body: view, etag: etagOf(view) };
    },
  },
];
