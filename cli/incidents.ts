import { AppError } from "@/lib/errors";
import { formatDay, formatTime } from "@/lib/format";
import { listIncidents } from "@/lib/incidents/queries";
import { IncidentStep, type Incident } from "@/lib/incidents/schema";
import { openIncident, updateIncident } from "@/lib/incidents/write";
import type { Result } from "./commands";
import { need, type Options } from "./options";

const LISTED = 20;

/** Commands for what the status page says of disturbances. */
export const incidentCommands: Record<string, (options: Options) => Promise<Result>> = {
  "incident open": async (options) =>
    shown(
      await openIncident({
        title: need(options, "title"),
        affected: need(options, "affected"),
        text: need(options, "text"),
      }),
    ),
  "incident update": (options) => update(options, options.step ?? "monitoring"),
  "incident resolve": (options) => update(options, "resolved"),
  "incident list": incidentList,
};

/** Adds an update; without `--step` an incident is being watched. */
async function update(options: Options, step: string): Promise<Result> {
  const parsed = IncidentStep.safeParse(step);
  if (!parsed.success)
    throw new AppError("bad_request", `--step is one of ${IncidentStep.options.join(", ")}.`);
  const [id, text] = [need(options, "incident"), need(options, "text")];
  return shown(await updateIncident({ id, step: parsed.data, text }));
}

async function incidentList(): Promise<Result> {
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
