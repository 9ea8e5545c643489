import { expect, test } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { listIncidents } from "./queries";
import { openIncident, updateIncident } from "./write";

useOwnDatabase();

const input = { title: "Google: server errors", affected: "all Gemini models", text: "It began." };

test("an incident has its updates in order, and ends once", async () => {
  const { _id: id } = await openIncident(input);
  await updateIncident({ id, step: "identified", text: "Google reports it." });
  const incident = await updateIncident({ id, step: "resolved", text: "It is over." });
  expect(incident.endedAt).toEqual(incident.updates.at(-1)?.at);
  expect(incident.updates.map(({ step }) => step)).toEqual(["detected", "identified", "resolved"]);
  await expect(updateIncident({ id, step: "monitoring", text: "Again." })).rejects.toMatchObject({
    code: "not_found",
  });
  expect(await listIncidents({ limit: 5 })).toMatchObject([{ _id: id, title: input.title }]);
});

test.each([
  ["title", ""],
  ["title", "x".repeat(121)],
  ["affected", "two\nlines"],
  ["text", "a\u202eb"],
])("a %s that is no plain line is refused", async (name, value) => {
  await expect(openIncident({ ...input, [name]: value })).rejects.toMatchObject({
    code: "bad_request",
  });
});
