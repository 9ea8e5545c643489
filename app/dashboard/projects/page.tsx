import { Plus } from "lucide-react";
import type { Metadata } from "next";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/dashboard/page-header";
import { buttonStyle } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import { spentOf } from "@/lib/accounts/limits";
import type { Project } from "@/lib/accounts/schema";
import { formatCents, formatCount, formatDay, formatMonth, formatUsd } from "@/lib/format";
import { limitWords } from "./limit-texts";
import { ownProjects } from "./project";

export const metadata: Metadata = { title: "Projects" };

export default async function ProjectsPage() {
  const { projects, canManage, now } = await ownProjects("/dashboard/projects");
  return (
    <>
      <PageHeader
        title="Projects"
        line="Each project has keys and limits. All projects spend from one balance."
        action={
          canManage ? (
            <Link href="/dashboard/projects/new" className={buttonStyle({ variant: "primary" })}>
              <Plus aria-hidden="true" />
              New project
            </Link>
          ) : undefined
        }
      />
      {projects.length === 0 ? (
        <div className="rounded-lg border border-line max-md:px-4">
          <Empty title="No projects">
            Create one for each program or team that needs separate limits. Its keys, limits and
            spend appear here.
          </Empty>
        </div>
      ) : (
        <Table edge="flush" caption="Projects" hover>
          <thead>
            <tr>
              <Th>Name</Th>
              <Th>Keys</Th>
              <Th wide>Last used</Th>
              <Th wide>Limits</Th>
              <Th num>{formatMonth(new Date(now))}</Th>
            </tr>
          </thead>
          <tbody>
            {projects.map(({ project, keys, lastUsedDay }) => (
              <tr key={project.id} className="relative">
                <Td className="wrap-anywhere">
                  <Link
                    href={`/dashboard/projects/${project.id}`}
                    prefetch={false}
                    className="font-medium after:absolute after:inset-0 focus-visible:outline-offset-0"
                  >
                    {project.name}
                  </Link>
                </Td>
                <Td>
                  {keys.length === 1 ? (
                    <span className="font-mono whitespace-nowrap">{keys[0]?.preview}</span>
                  ) : (
                    <span className={keys.length === 0 ? "text-muted" : undefined}>
                      {keys.length === 0 ? "No key" : `${formatCount(keys.length)} keys`}
                    </span>
                  )}
                </Td>
                <Td wide muted={lastUsedDay === null} className="whitespace-nowrap tabular-nums">
                  {lastUsedDay === null ? "Never" : formatDay(new Date(lastUsedDay))}
                </Td>
                <Td wide muted>
                  {limitsText(project)}
                </Td>
                <Td num>
                  {formatCents(spentOf({ project, now }))}
                  {project.limits.creditsPerMonth === undefined ? null : (
                    <Sub>of {formatUsd(project.limits.creditsPerMonth)}</Sub>
                  )}
                </Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </>
  );
}

function limitsText({ limits, models, addresses, origins }: Project): string {
  const count = (items: string[], word: string, words: string) =>
    `${formatCount(items.length)} ${items.length === 1 ? word : words}`;
  const parts = [
    ...limitWords(limits),
    models === undefined ? null : count(models, "model", "models"),
    addresses === undefined ? null : count(addresses, "address", "addresses"),
    origins === undefined ? null : count(origins, "website", "websites"),
  ].filter((part) => part !== null);
  return parts.length === 0 ? "None" : parts.join(", ");
}
