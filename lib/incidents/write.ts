import { AppError } from "@/lib/errors";
import { now } from "@/lib/clock";
import { newId } from "@/lib/ids";
import { incidents } from "./collection";
import {
  IncidentScope,
  IncidentText,
  IncidentTitle,
  type Incident,
  type IncidentStep,
} from "./schema";

/** Opens an incident with its first update. Throws AppError `bad_request` for a text that is empty, too long or not one plain line. */
export async function openIncident(input: {
  title: string;
  affected: string;
  text: string;
}): Promise<Incident> {
  const at = new Date(now());
  const incident: Incident = {
    _id: newId("inc"),
    title: parse(IncidentTitle, input.title),
    affected: parse(IncidentScope, input.affected),
    startedAt: at,
    endedAt: null,
    updates: [{ at, step: "detected", text: parse(IncidentText, input.text) }],
  };
  await incidents.insertOne(incident);
  return incident;
}

/** Adds an update to an incident that has not ended; `resolved` ends it. Throws AppError `not_found` for any other. */
export async function updateIncident({
  id,
  step,
  text,
}: {
  id: string;
  step: IncidentStep;
  text: string;
}): Promise<Incident> {
  const at = new Date(now());
  const incident = await incidents.findOneAndUpdate(
    { _id: id, endedAt: null },
    {
      $push: { updates: { at, step, text: parse(IncidentText, text) } },
      ...(step === "resolved" ? { $set: { endedAt: at } } : {}),
    },
    { returnDocument: "after" },
  );
  if (!incident) throw new AppError("not_found", "There is no open incident with that id.");
  return incident;
}

function parse(schema: typeof IncidentText, text: string): string {
  const { success, data, error } = schema.safeParse(text);
  if (!success) throw new AppError("bad_request", error.issues[0]?.message ?? "Change the text.");
  return data;
}
