import { AppError } from "@/lib/errors";
import { formatDay, formatTime } from "@/lib/format";
import { listIncidents } from "@/lib/incidents/queries";
import { IncidentStep, type Incident } from "@/lib/incidents/schema";
import { openIncident, updateIncident } from "@/lib/incidents/write";
import type { Result } from "./commands";

const LISTED = 20;

export async function incidentOpen(input: {
  title: string;
  affected: string;
  text: string;
}): Promise<Result> {
  return shown(await openIncident(input));
}

/** Adds an update; without `--step` an incident is being watched. */
export async function incidentUpdate({
  id,
  step = "monitoring",
  text,
}: {
  id: string;
  step?: string | undefined;
  text: string;
}): Promise<Result> {
  const parsed = IncidentStep.safeParse(step);
  if (!parsed.success)
    throw new AppError("bad_request", `--step is one of ${IncidentStep.options.join(", ")}.`);
  return shown(await updateIncident({ id, step: parsed.data, text }));
}

export async function incidentList(): Promise<Result> {
  const incidents = await listIncidents({ limit: LISTED });
  return {
    data: { incidents },
    lines: incidents.length === 0 ? ["No incidents."] : incidents.map(lineOf),
  };
}

const shown = (incident: Incident): Result => ({ data: { incident }, lines: [lineOf(incident)] });

function lineOf({ _id, title, affected, startedAt, endedAt }: Incident): string {
  const since = `${formatDay(startedAt)} ${formatTime(startedAt)}`;
  return `${_id}  ${since}  ${endedAt === null ? "open" : "resolved"}  ${title} (${affected})`;
}
