import { AppError } from "@/lib/errors";
import { formatDay, formatTime } from "@/lib/format";
import { listIncidents } from "@/lib/incidents/queries";
import { IncidentStep, type Incident } from "@/lib/incidents/schema";
import { openIncident, updateIncident } from "@/lib/incidents/write";
import type { CommandResult } from "./commands";
import { need, type CommandOptions } from "./options";

const LISTED = 20;

/** Commands for the incidents on the status page. */
export const incidentCommands: Record<string, (options: CommandOptions) => Promise<CommandResult>> =
  {
    "incident open": async (options) =>
      resultOf(
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

/** Adds an update to an open incident; `resolved` ends it. */
async function update(options: CommandOptions, step: string): Promise<CommandResult> {
  const stepResult = IncidentStep.safeParse(step);
  if (!stepResult.success)
    throw new AppError("bad_request", `--step is one of ${IncidentStep.options.join(", ")}.`);
  const id = need(options, "incident");
  const text = need(options, "text");
  return resultOf(await updateIncident({ id, step: stepResult.data, text }));
}

async function incidentList(): Promise<CommandResult> {
  const incidents = await listIncidents({ limit: LISTED });
  return {
    data: { incidents },
    lines: incidents.length === 0 ? ["No incidents."] : incidents.map(lineOf),
  };
}

const resultOf = (incident: Incident): CommandResult => ({
  data: { incident },
  lines: [lineOf(incident)],
});

function lineOf({ _id, title, affected, startedAt, endedAt }: Incident): string {
  const since = `${formatDay(startedAt)} ${formatTime(startedAt)}`;
  return `${_id}  ${since}  ${endedAt === null ? "open" : "resolved"}  ${title} (${affected})`;
}
