import type { APIRequestContext } from "@playwright/test";
import { createHash, randomBytes } from "node:crypto";
import { createCustomer, database, deployment, expect, signIn, test } from "./fixtures";

const ROLES = ["owner", "admin", "developer", "billing", "viewer"] as const;
type TestRole = (typeof ROLES)[number];

const newTeamId = () =>
  `acc_${createHash("sha256").update(randomBytes(16)).digest("hex").slice(0, 22)}`;

/** A team whose members are these accounts' users, written as the server would write it. */
async function createTeam(members: { accountId: string; role: TestRole }[]) {
  const db = await database();
  const teamId = newTeamId();
  const projectId = `prj_${teamId.slice(4)}`;
  const createdAt = new Date();
  await db.collection<{ _id: string }>("teams").insertOne({
    _id: teamId,
    members: members.map(({ accountId: userId, role }) => ({
      userId,
      role,
      joinedAt: createdAt,
      invitedBy: null,
    })),
    invitations: [],
    version: 1,
  } as { _id: string });
  await db.collection<{ _id: string }>("accounts").insertOne({
    _id: teamId,
    kind: "team",
    email: `team:${teamId}`,
    name: "Fieldnote",
    createdAt,
    seq: 0,
    credits: 0,
    posted: 0,
    charged: 0,
    free: { requests: 0, credits: 0 },
    projects: [{ id: projectId, name: "Team project", createdAt, limits: {} }],
    caps: [],
    holds: [],
  } as { _id: string });
  return { teamId, projectId };
}

const PAGES: Record<string, readonly TestRole[]> = {
  "": ROLES,
  "/usage": ROLES,
  "/projects": ROLES,
  "/models": ROLES,
  "/assistant": ROLES,
  "/settings": ROLES,
  "/settings/limits": ROLES,
  "/projects/new": ["owner", "admin", "developer"],
  "/playground": ["owner", "admin", "developer"],
  "/credits": ["owner", "admin", "billing"],
  "/settings/management-keys": ["owner", "admin", "developer"],
  "/settings/webhooks": ["owner", "admin", "developer"],
  "/settings/audit-log": ["owner", "admin", "developer"],
};
const FILES: Record<string, readonly TestRole[]> = {
  "/usage/export?format=csv": ROLES,
  "/credits/export": ["owner", "admin", "billing"],
  "/settings/export": ["owner", "admin"],
  "/settings/audit-log/export?format=csv": ["owner", "admin", "developer"],
  "/settings/audit-log/newer": ["owner", "admin", "developer"],
};

const statusOf = async (request: APIRequestContext, path: string): Promise<number> =>
  (await request.get(path, { maxRedirects: 0 })).status();

test("each role opens the pages and files of a team that the table grants it", async ({ page }) => {
  const people = await Promise.all(
    ROLES.map(async (role) => ({ ...(await createCustomer()), role })),
  );
  const { teamId } = await createTeam(people);
  const { teamId: otherTeamId } = await createTeam([]);
  for (const person of people) {
    const { role } = person;
    await signIn(page, person);
    for (const [path, roles] of Object.entries(PAGES)) {
      const status = await statusOf(page.request, `/dashboard/${teamId}${path}`);
      expect(status, `${role} ${path}`).toBe(roles.includes(role) ? 200 : 404);
    }
    for (const [path, roles] of Object.entries(FILES)) {
      const status = await statusOf(page.request, `/dashboard/${teamId}${path}`);
      expect(status, `${role} ${path}`).toBe(roles.includes(role) ? 200 : 403);
    }
    for (const path of ["", "/usage", "/credits/export", "/settings/export"])
      expect(await statusOf(page.request, `/dashboard/${otherTeamId}${path}`), path).toBe(404);
    expect(await statusOf(page.request, `/api/arrivals?since=0&account=${otherTeamId}`), role).toBe(
      404,
    );
    // The personal account is as it was.
    expect(await statusOf(page.request, "/dashboard/credits")).toBe(200);
  }
});

test("links, forms and redirects of a team's pages stay in the team", async ({ page }) => {
  const me = await createCustomer();
  const { teamId, projectId } = await createTeam([{ ...me, role: "developer" }]);
  await signIn(page, me);
  await page.goto(`/dashboard/${teamId}`);
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  const root = `${deployment.origin}/dashboard/${teamId}`;
  const navigation = page.getByRole("navigation", { name: "Dashboard" });
  await expect(navigation.getByRole("link", { name: "Overview" })).toHaveAttribute(
    "aria-current",
    "page",
  );
  await navigation.getByRole("link", { name: "Projects" }).click();
  await expect(page).toHaveURL(`${root}/projects`);
  await page.getByRole("link", { name: "Team project" }).click();
  await expect(page).toHaveURL(`${root}/projects/${projectId}`);
  await page.goto(`/dashboard/${teamId}/projects/new`);
  await page.getByLabel("Name").fill("Made in the team");
  await page.getByRole("button", { name: "Create project" }).click();
  await expect(page).toHaveURL(new RegExp(`^${root}/projects/prj_`));
  await expect(page.getByRole("heading", { level: 1, name: "Made in the team" })).toBeVisible();
  const accounts = (await database()).collection<{ _id: string; projects: { name: string }[] }>(
    "accounts",
  );
  const namesOf = async (_id: string) =>
    (await accounts.findOne({ _id }))?.projects.map(({ name }) => name);
  expect(await namesOf(teamId)).toEqual(["Team project", "Made in the team"]);
  expect(await namesOf(me.accountId)).not.toContain("Made in the team");
  // Who did it is in the team's log.
  const log = (await database()).collection("audit_log");
  expect(await log.findOne({ accountId: teamId, type: "project.created" })).toMatchObject({
    actor: { kind: "person", id: me.accountId },
  });
  await page.goto("/dashboard/projects");
  await expect(page.getByRole("link", { name: "Made in the team" })).toHaveCount(0);
});

test("who sees no credits sees no delivery about payments", async ({ page }) => {
  const [owner, developer] = [await createCustomer(), await createCustomer()];
  const { teamId } = await createTeam([
    { ...owner, role: "owner" },
    { ...developer, role: "developer" },
  ]);
  const endpointId = `whe_${teamId.slice(4)}`;
  const createdAt = new Date();
  const db = await database();
  await db.collection<{ _id: string }>("webhook_endpoints").insertOne({
    _id: endpointId,
    accountId: teamId,
    url: "https://hooks.example.com/onekey",
    events: ["key.created", "payment.credited"],
    secrets: [{ salt: "0".repeat(32), createdAt }],
    createdAt,
    activeSince: createdAt,
    creator: { kind: "person", id: owner.accountId, name: "Owner" },
  } as { _id: string });
  await db.collection<{ _id: string }>("webhook_deliveries").insertMany(
    ["key.created", "payment.credited"].map((type, i) => ({
      _id: `msg_${i}${teamId.slice(5)}`,
      accountId: teamId,
      endpointId,
      type,
      payload: JSON.stringify({ type, account: teamId }),
      createdAt,
      state: "delivered",
      attempts: [{ at: createdAt, status: 204, latencyMs: 12 }],
      attemptCount: 1,
      isSingle: false,
      expires: new Date(createdAt.getTime() + 86_400_000),
    })),
  );
  const rowOf = (type: string) => page.getByRole("row").filter({ hasText: type });
  for (const [person, count] of [
    [owner, 1],
    [developer, 0],
  ] as const) {
    await signIn(page, person);
    await page.goto(`/dashboard/${teamId}/settings/webhooks`);
    await expect(rowOf("key.created")).toHaveCount(1);
    await expect(rowOf("payment.credited")).toHaveCount(count);
  }
});

test.describe("who is no member any more", () => {
  test.use({ allowedConsole: [/404 \(Not Found\)/] });
  test("A member who is removed while signed in loses the team, and keeps the rest", async ({
    page,
  }) => {
    const me = await createCustomer();
    const { teamId } = await createTeam([{ ...me, role: "admin" }]);
    await signIn(page, me);
    await page.goto(`/dashboard/${teamId}/projects/new`);
    await page.getByLabel("Name").fill("Too late");
    await (
      await database()
    )
      .collection<{ _id: string; members: unknown[] }>("teams")
      .updateOne({ _id: teamId }, { $set: { members: [] } });
    await page.getByRole("button", { name: "Create project" }).click();
    await expect(
      page.getByRole("heading", { name: "There is nothing at this address" }),
    ).toBeVisible();
    await page.goto(`/dashboard/${teamId}`);
    await expect(
      page.getByRole("heading", { name: "There is nothing at this address" }),
    ).toBeVisible();
    const account = await (
      await database()
    )
      .collection<{ _id: string; projects: unknown[] }>("accounts")
      .findOne({ _id: teamId });
    expect(account?.projects).toHaveLength(1);
    await page.goto("/dashboard");
    await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  });
});

test("a role that may not submit a form reads why, and nothing is changed", async ({ page }) => {
  const me = await createCustomer();
  const { teamId } = await createTeam([{ ...me, role: "developer" }]);
  await signIn(page, me);
  await page.goto(`/dashboard/${teamId}/projects/new`);
  await page.getByLabel("Name").fill("Not mine to make");
  await (
    await database()
  )
    .collection<{ _id: string; members: { role: string }[] }>("teams")
    .updateOne({ _id: teamId }, { $set: { "members.0.role": "viewer" } });
  await page.getByRole("button", { name: "Create project" }).click();
  await expect(
    page.getByText("Your role in Fieldnote (viewer) does not allow this."),
  ).toBeVisible();
});
