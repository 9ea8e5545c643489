import { Plus } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { PageHeader } from "@/components/dashboard/page-header";
import { buttonStyle } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import { spentOf } from "@/lib/accounts/limits";
import type { Project } from "@/lib/accounts/schema";
import { formatCents, formatCount, formatMoment, formatMonth, formatUsd } from "@/lib/format";
import { ownProjects } from "./project";

export const metadata: Metadata = { title: "Projects" };

export default async function ProjectsPage() {
  const { projects, now } = await ownProjects("/dashboard/projects");
  return (
    <>
      <PageHeader
        title="Projects"
        line="Each project has a key and limits. All projects spend from one balance."
        action={
          <Link href="/dashboard/projects/new" className={buttonStyle({ variant: "primary" })}>
            <Plus aria-hidden="true" />
            New project
          </Link>
        }
      />
      {projects.length === 0 ? (
        <div className="rounded-lg border border-line max-md:px-4">
          <Empty title="No projects">
            Create one for each program or person that needs a separate key. Its key, limits and
            spend appear here.
          </Empty>
        </div>
      ) : (
        <Table edge="flush" caption="Projects" hover>
          <thead>
            <tr>
              <Th>Name</Th>
              <Th>Key</Th>
              <Th wide>Last used</Th>
              <Th wide>Limits</Th>
              <Th num>{formatMonth(new Date(now))}</Th>
            </tr>
          </thead>
          <tbody>
            {projects.map(({ project, last }) => (
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
                  {project.key ? (
                    <span className="font-mono whitespace-nowrap">{project.key.preview}</span>
                  ) : (
                    <span className="text-muted">No key</span>
                  )}
                </Td>
                <Td wide muted={last === null} className="whitespace-nowrap tabular-nums">
                  {last === null ? "Never" : formatMoment(last)}
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
    limits.creditsPerMonth === undefined ? null : `${formatUsd(limits.creditsPerMonth)} a month`,
    limits.requestsPerMinute === undefined
      ? null
      : `${formatCount(limits.requestsPerMinute)} requests a minute`,
    models === undefined ? null : count(models, "model", "models"),
    addresses === undefined ? null : count(addresses, "address", "addresses"),
    origins === undefined ? null : count(origins, "website", "websites"),
  ].filter((part) => part !== null);
  return parts.length === 0 ? "None" : parts.join(", ");
}
