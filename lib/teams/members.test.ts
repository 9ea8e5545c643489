import { beforeEach, expect, test } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { ensureIndexes, teams } from "./collection";
import { createTeamRecord } from "./create";
import { leaveTeam, removeMember, setRole, transferOwnership } from "./members";
import { findRole, findTeam, listTeamsOf } from "./queries";
import { addMembers, by, invitedBy, newTeam, now, rolesOf } from "./testing/team";

useOwnDatabase(ensureIndexes);

let accountId = "";

beforeEach(async () => {
  accountId = await newTeam();
});

test("of two owners who leave at the same moment, one stays", async () => {
  await addMembers(accountId, "viewer");
  await teams.updateOne(
    { _id: accountId },
    { $push: { members: { userId: "usr_second", role: "owner", joinedAt: now, invitedBy } } },
  );
  const outcomes = await Promise.allSettled(
    ["usr_owner", "usr_second"].map((userId) => leaveTeam({ accountId, userId })),
  );
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  expect(Object.values(await rolesOf(accountId)).toSorted()).toEqual(["owner", "viewer"]);
});

test("of two owners who demote each other at the same moment, one stays an owner", async () => {
  for (let round = 0; round < 5; round++) {
    accountId = await newTeam();
    await addMembers(accountId, "admin");
    await setRole({ accountId, userId: "usr_admin", role: "owner", by: by("usr_owner") });
    const outcomes = await Promise.allSettled([
      setRole({ accountId, userId: "usr_admin", role: "viewer", by: by("usr_owner") }),
      setRole({ accountId, userId: "usr_owner", role: "viewer", by: by("usr_admin") }),
    ]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(Object.values(await rolesOf(accountId)).toSorted()).toEqual(["owner", "viewer"]);
  }
});

test.each([
  ["an owner", "usr_owner", { viewer: true, admin: true, owner2: true }],
  ["an admin", "usr_admin", { viewer: true, admin: true, owner2: false }],
  ["a developer", "usr_developer", { viewer: false, admin: false, owner2: false }],
  ["a billing member", "usr_billing", { viewer: false, admin: false, owner2: false }],
  ["a viewer", "usr_viewer2", { viewer: false, admin: false, owner2: false }],
  ["a stranger", "usr_stranger", { viewer: false, admin: false, owner2: false }],
])("%s changes and removes only whom the role allows", async (_name, actor, allowed) => {
  for (const [target, isAllowed] of Object.entries(allowed)) {
    accountId = await newTeam();
    await addMembers(
      accountId,
      "admin",
      "admin2",
      "developer",
      "billing",
      "viewer",
      "viewer2",
      "owner2",
    );
    const userId = target === "admin" ? "usr_admin2" : `usr_${target}`;
    const before = await rolesOf(accountId);
    const change = { accountId, userId, by: by(actor) };
    if (isAllowed) {
      await setRole({ ...change, role: "developer" });
      expect((await rolesOf(accountId))[userId]).toBe("developer");
      await removeMember(change);
      expect(await rolesOf(accountId)).not.toHaveProperty(userId);
    } else {
      const code = actor === "usr_stranger" ? "not_found" : "forbidden";
      await expect(setRole({ ...change, role: "developer" })).rejects.toMatchObject({ code });
      await expect(removeMember(change)).rejects.toMatchObject({ code });
      expect(await rolesOf(accountId)).toEqual(before);
    }
  }
});

test("nobody changes their own role, and only an owner makes an owner", async () => {
  await addMembers(accountId, "admin", "viewer");
  const admin = by("usr_admin");
  await expect(
    setRole({ accountId, userId: "usr_admin", role: "viewer", by: admin }),
  ).rejects.toMatchObject({ code: "forbidden" });
  for (const actor of [admin, { managementKey: "mgk_1" }])
    await expect(
      setRole({ accountId, userId: "usr_viewer", role: "owner", by: actor }),
    ).rejects.toMatchObject({ code: "forbidden" });
  await expect(
    setRole({ accountId, userId: "usr_viewer", role: "billing", formerRole: "admin", by: admin }),
  ).rejects.toMatchObject({ status: 412 });
  expect(await rolesOf(accountId)).toEqual({
    usr_owner: "owner",
    usr_admin: "admin",
    usr_viewer: "viewer",
  });
});

test("an ownership is transferred in one write, by an owner, to a member", async () => {
  await addMembers(accountId, "admin", "viewer");
  for (const [from, to, code] of [
    ["usr_admin", "usr_viewer", "forbidden"],
    ["usr_owner", "usr_nobody", "not_found"],
    ["usr_owner", "usr_owner", "bad_request"],
    ["usr_nobody", "usr_viewer", "not_found"],
  ] as const)
    await expect(transferOwnership({ accountId, from, to })).rejects.toMatchObject({ code });
  await transferOwnership({ accountId, from: "usr_owner", to: "usr_viewer" });
  expect(await rolesOf(accountId)).toEqual({
    usr_owner: "admin",
    usr_admin: "admin",
    usr_viewer: "owner",
  });
});

test("the last owner neither leaves nor is removed", async () => {
  await addMembers(accountId, "admin");
  await expect(leaveTeam({ accountId, userId: "usr_owner" })).rejects.toThrow("at least one owner");
  await expect(
    removeMember({ accountId, userId: "usr_owner", by: by("usr_owner") }),
  ).rejects.toThrow("at least one owner");
  expect(await findRole({ accountId, userId: "usr_owner", now })).toBe("owner");
});

test("a person's teams are listed in the order of joining, each day is marked", async () => {
  const first = accountId;
  accountId = "acc_earlier";
  await createTeamRecord({ accountId, userId: "usr_owner", now: new Date(now.getTime() - 1_000) });
  const list = (await listTeamsOf("usr_owner")).map((membership) => membership.accountId);
  expect(list.indexOf(accountId)).toBeLessThan(list.indexOf(first));
  await findRole({ accountId, userId: "usr_owner", now });
  expect((await findTeam(accountId))?.members[0]?.lastActiveDay).toBe(
    now.toISOString().slice(0, 10),
  );
});
