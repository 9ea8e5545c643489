import { expect, test } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { users, ensureIndexes } from "./collection";
import { ensureUser } from "./create";
import { linkMethod, unlinkMethod } from "./methods";
import { findUserByEmail, findUserById, findUserByMethod } from "./queries";
import { renameUser } from "./rename";
import type { User } from "./schema";

useOwnDatabase(ensureIndexes);

let count = 0;

const newUser = (details: Partial<User> = {}): User => ({
  _id: `usr_${++count}`,
  email: `user${count}@example.com`,
  name: "",
  image: null,
  createdAt: new Date(),
  ...details,
});

test("of many concurrent creations of a user, one is kept", async () => {
  const user = newUser({ name: "Mira" });
  const created = await Promise.all(
    Array.from({ length: 20 }, (_, i) => ensureUser({ ...user, name: `Mira ${i}` })),
  );
  expect(new Set(created.map(({ name }) => name)).size).toBe(1);
  expect(await users.countDocuments({ _id: user._id })).toBe(1);
  await expect(ensureUser(newUser({ email: user.email }))).rejects.toThrow(/duplicate/i);
});

test("a method is linked once, and looked up by provider and id together", async () => {
  const { _id: userId, email } = await ensureUser(newUser());
  const method = { provider: "google", subject: "108", email } as const;
  await Promise.all(Array.from({ length: 10 }, () => linkMethod({ userId, method })));
  await linkMethod({ userId, method: { ...method, provider: "github" } });
  expect((await findUserById(userId))?.methods?.map(({ provider }) => provider)).toEqual([
    "google",
    "github",
  ]);
  expect((await findUserByMethod({ provider: "google", subject: "108" }))?._id).toBe(userId);
  const { _id: otherId } = await ensureUser(newUser());
  await linkMethod({ userId: otherId, method: { provider: "github", subject: "7", email } });
  await linkMethod({ userId: otherId, method: { provider: "google", subject: "109", email } });
  // Neither half of two entries makes another entry.
  expect(await findUserByMethod({ provider: "google", subject: "7" })).toBeNull();
});

test("a method signs in one user, also when two link it at the same moment", async () => {
  const [first, second] = [await ensureUser(newUser()), await ensureUser(newUser())];
  const method = { provider: "github", subject: "race", email: first.email } as const;
  const outcomes = await Promise.allSettled(
    [first, second].map(({ _id: userId }) => linkMethod({ userId, method })),
  );
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  expect(await users.countDocuments({ "methods.subject": "race" })).toBe(1);
  // A new user who brings it is made without it.
  const third = await ensureUser(newUser({ methods: [{ ...method, linkedAt: new Date() }] }));
  expect(third).not.toHaveProperty("methods");
});

test("a method is unlinked, and two windows cannot take the last one", async () => {
  const { _id: userId, email } = await ensureUser(newUser());
  const google = { provider: "google", subject: "201", email } as const;
  const github = { ...google, provider: "github" } as const;
  await linkMethod({ userId, method: google });
  await linkMethod({ userId, method: github });
  const attempts = await Promise.allSettled(
    [google, github].map(({ provider, subject }) =>
      unlinkMethod({ userId, provider, subject, hasLinks: false }),
    ),
  );
  expect(attempts.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  const [remainingMethod, ...others] = (await findUserById(userId))?.methods ?? [];
  expect(others).toEqual([]);
  const target = { userId, provider: remainingMethod?.provider ?? "google", subject: "201" };
  await expect(unlinkMethod({ ...target, hasLinks: false })).rejects.toMatchObject({
    code: "bad_request",
  });
  // Where links are mailed, the user's address is a way to sign in.
  await unlinkMethod({ ...target, hasLinks: true });
  expect(await findUserById(userId)).not.toHaveProperty("methods");
  await expect(unlinkMethod({ ...target, hasLinks: true })).rejects.toMatchObject({
    code: "not_found",
  });
});

test("a user is renamed, and looked up by the address in any case", async () => {
  const { _id: userId, email } = await ensureUser(newUser());
  await renameUser({ userId, name: "  Mira Lindqvist " });
  expect(await findUserByEmail(` ${email.toUpperCase()}`)).toMatchObject({
    _id: userId,
    name: "Mira Lindqvist",
  });
  for (const name of ["x".repeat(101), "a\u202eb"])
    await expect(renameUser({ userId, name })).rejects.toMatchObject({ param: "name" });
  await expect(renameUser({ userId: "usr_missing", name: "x" })).rejects.toMatchObject({
    code: "not_found",
  });
});
