import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { PERMISSIONS, type Area } from "@/lib/teams/permissions";
import { Role } from "@/lib/teams/schema";

const ROWS: Record<string, Area> = {
  "Projects, keys and their limits": "projects",
  Playground: "playground",
  "Usage and exports": "usage",
  "Credits, receipts, top-up": "credits",
  "Limits and alerts of the account": "limits",
  "Members and invitations": "members",
  "Management keys": "integrations",
  "Audit log": "auditLog",
  "Name of the team, export of all its data": "account",
  "Ownership, deletion of the team": "ownership",
};

test("the table of roles in the docs is the one that pages and actions check", () => {
  const page = readFileSync(new URL("page.mdx", import.meta.url), "utf8");
  const rows = page
    .split("\n")
    .filter((line) => line.startsWith("| ") && !line.startsWith("| |") && !line.includes("---"))
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .map(([, name = "", ...cells]) => ({ name, reaches: cells.slice(0, Role.options.length) }));
  expect(rows.map(({ name }) => ROWS[name])).toEqual(Object.keys(PERMISSIONS));
  for (const { name, reaches } of rows) {
    const area = PERMISSIONS[ROWS[name] ?? "usage"];
    // Nobody views a playground, and nobody manages what happened.
    const granted = Role.options.map((role) =>
      name === "Playground" && area[role] === "manage" ? "use" : area[role],
    );
    expect(reaches, name).toEqual(granted);
  }
});
