import { expect, test, vi } from "vitest";
import { person, prepareTeams, teamOfTwo, inviterOf, tokenTo, from } from "@/e2e/support/teams";
import { createAccount } from "@/lib/accounts/create";
import { findById } from "@/lib/accounts/queries";
import { setAccountEmail } from "@/lib/accounts/settings";
import { listAuditEntries } from "@/lib/audit-log/queries";
import * as clock from "@/lib/clock";
import { emptyMailbox, listMail } from "@/lib/email/mailbox";
import { post } from "@/lib/ledger/post";
import { createSession } from "@/lib/sessions/create";
import { hasSession, listSessions } from "@/lib/sessions/queries";
import { linkMethod } from "@/lib/users/methods";
import { findUserById } from "@/lib/users/queries";
import type { User } from "@/lib/users/schema";
import {
  confirmEmailChange,
  requestEmailChange,
  undoChange,
  viewEmailChange,
  viewEmailUndo,
} from "./email-change";
import { invite } from "./invitations";
import { joinTeam } from "./join-team";
import { userOfPerson } from "./person";
import { suspendAccount } from "./suspension";
import { takeOverDebts } from "./take-over-debts";
import { findOrCreateUser } from "./users";
import { deleteAccount } from "./delete-account";

await prepareTeams();

let count = 0;
const newAddress = () => `new${++count}@example.com`;
const present = async ({ _id }: Pick<User, "_id">): Promise<User> => {
  const user = await findUserById(_id);
  if (!user) throw new Error("no user");
  return user;
};
const emailsOf = async (user: Pick<User, "_id">) => [
  (await present(user)).email,
  (await findById(user._id))?.email,
];

/** The token of the newest mail to an address, by what its link leads to. */
async function tokenIn(email: string, path: "/email-change" | "/email-change/undo") {
  const [message] = (await listMail()).filter(({ to }) => to === email);
  const [, linkPath, token = ""] =
    /(\/email-change(?:\/undo)?)\?token=([\w-]+)/.exec(message?.text ?? "") ?? [];
  return linkPath === path ? token : "";
}

/** From another network each time: a network may ask for so many links. */
const request = (user: User, email: string) =>
  requestEmailChange({ user, email, address: `198.51.${++count % 256}.7`, client: "Firefox" });
const confirm = (user: User, token: string, sessionId = "") =>
  confirmEmailChange({ token, user, sessionId, ...from });

/** A person who has changed their address, and the two. */
async function moved() {
  const user = await person("Mira");
  const email = newAddress();
  await request(user, email);
  await confirm(user, await tokenIn(email, "/email-change"));
  return { user: await present(user), before: user.email, email };
}

test("a new address is confirmed by the link it gets, once, and everything follows", async () => {
  const user = await person("Mira");
  await linkMethod({
    userId: user._id,
    method: { provider: "github", subject: "77", email: user.email },
  });
  for (const method of ["email", "email", "github"] as const)
    await createSession({ userId: user._id, method, userAgent: "" });
  const current = (await listSessions(user._id)).find(({ method }) => method === "email");
  const email = newAddress();
  await request(user, email);
  expect(await emailsOf(user)).toEqual([user.email, user.email]);
  const token = await tokenIn(email, "/email-change");
  expect(await viewEmailChange(token)).toEqual({ userId: user._id, email });
  const sessionId = current?._id ?? "";
  await confirm(user, token, sessionId);
  expect(await emailsOf(user)).toEqual([email, email]);
  // Who began by a link to the former address is signed out elsewhere, others stay.
  const methods = (await listSessions(user._id)).map(({ method }) => method);
  expect(methods.toSorted()).toEqual(["email", "github"]);
  expect(await hasSession(sessionId)).toBe(true);
  // The former address signs in somebody else, GitHub and the new one sign in the same person.
  expect((await findOrCreateUser({ email }))._id).toBe(user._id);
  const github = { provider: "github", subject: "77", email: user.email, name: "", imageUrl: "" };
  expect((await userOfPerson({ ...github, provider: "github", client: "" }))._id).toBe(user._id);
  const stranger = await findOrCreateUser({ email: user.email });
  expect(stranger._id).not.toBe(user._id);
  expect((await findById(stranger._id))?.free.requests).toBe(0);
  await expect(confirm(user, token)).rejects.toMatchObject({ code: "not_found" });
  const entries = await listAuditEntries({ accountId: user._id, limit: 5 });
  expect(entries.map(({ type, changes }) => [type, changes[0]?.before, changes[0]?.after])).toEqual(
    [
      ["profile.address_changed", user.email, email],
      ["profile.address_requested", user.email, email],
    ],
  );
  expect(JSON.stringify(entries)).not.toContain(token);
});

test("of confirmations at the same time one changes the address", async () => {
  const user = await person();
  const email = newAddress();
  await request(user, email);
  const token = await tokenIn(email, "/email-change");
  const outcomes = await Promise.allSettled([1, 2, 3].map(() => confirm(user, token)));
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await emailsOf(user)).toEqual([email, email]);
});

test("an address that belongs to somebody else looks the same, and only its mail differs", async () => {
  const [user, other, operatorMade] = [
    await person(),
    await person(),
    await createAccount({ email: newAddress() }),
  ];
  const free = newAddress();
  const results = [];
  for (const email of [free, other.email, operatorMade.email]) {
    await emptyMailbox();
    results.push({ ...(await request(user, email)), email: "" });
    const mails = await listMail();
    expect(mails.map(({ to }) => to).toSorted()).toEqual([email, user.email].toSorted());
    expect((await tokenIn(email, "/email-change")) !== "").toBe(email === free);
    expect((await tokenIn(user.email, "/email-change/undo")).length).toBeGreaterThan(20);
  }
  expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1);
  const entries = await listAuditEntries({ accountId: user._id, limit: 9 });
  expect(entries.map(({ type }) => type)).toEqual(Array(3).fill("profile.address_requested"));
  expect(await emailsOf(user)).toEqual([user.email, user.email]);
  expect(await emailsOf(other)).toEqual([other.email, other.email]);
});

test("somebody who signs in with the address before it is confirmed keeps it", async () => {
  const user = await person();
  const email = newAddress();
  await request(user, email);
  const token = await tokenIn(email, "/email-change");
  const owner = await findOrCreateUser({ email });
  await expect(confirm(user, token)).rejects.toThrow("Another account signs in with this address.");
  expect(await emailsOf(user)).toEqual([user.email, user.email]);
  expect(await emailsOf(owner)).toEqual([email, email]);
});

test("forged, replaced, expired and other people's links are refused, and nothing changes", async () => {
  const [user, stranger] = [await person(), await person()];
  const [first, second] = [newAddress(), newAddress()];
  await request(user, first);
  const replaced = await tokenIn(first, "/email-change");
  await request(user, second);
  const token = await tokenIn(second, "/email-change");
  const undo = await tokenIn(user.email, "/email-change/undo");
  for (const forged of ["", "x", `${token}x`, token.slice(1), replaced, undo])
    await expect(confirm(user, forged)).rejects.toMatchObject({ code: "not_found" });
  for (const forged of ["", "x", token]) {
    expect(await viewEmailUndo(forged)).toBeNull();
    await expect(undoChange({ token: forged, ...from })).rejects.toMatchObject({
      code: "not_found",
    });
  }
  await expect(confirm(stranger, token)).rejects.toMatchObject({ code: "forbidden" });
  const later = vi.spyOn(clock, "now").mockReturnValue(Date.now() + 61 * 60_000);
  expect(await viewEmailChange(token)).toBeNull();
  await expect(confirm(user, token)).rejects.toMatchObject({ code: "not_found" });
  later.mockRestore();
  for (const somebody of [user, stranger])
    expect(await emailsOf(somebody)).toEqual([somebody.email, somebody.email]);
  await confirm(user, token);
  expect(await emailsOf(user)).toEqual([second, second]);
});

test("the former address takes a change back, before and after it is confirmed", async () => {
  const user = await person();
  const email = newAddress();
  await request(user, email);
  const token = await tokenIn(email, "/email-change");
  await undoChange({ token: await tokenIn(user.email, "/email-change/undo"), ...from });
  await expect(confirm(user, token)).rejects.toMatchObject({ code: "not_found" });
  expect(await emailsOf(user)).toEqual([user.email, user.email]);
  const { user: changed, before, email: after } = await moved();
  await createSession({ userId: changed._id, method: "email", userAgent: "" });
  // Whoever changed it goes on to a third address.
  const third = newAddress();
  await request(changed, third);
  await confirm(changed, await tokenIn(third, "/email-change"));
  const laterUndo = await tokenIn(after, "/email-change/undo");
  await undoChange({ token: await tokenIn(before, "/email-change/undo"), ...from });
  expect(await emailsOf(changed)).toEqual([before, before]);
  expect(await listSessions(changed._id)).toEqual([]);
  await expect(undoChange({ token: laterUndo, ...from })).rejects.toMatchObject({
    code: "not_found",
  });
  expect((await present(changed)).formerEmails).not.toContain(before);
});

test.each(["o'neil+tag@example.com", "a&b/c%d!e=f@example.com", " UPPER.Case@Example.COM "])(
  "the legal address %s is accepted and confirmed",
  async (typed) => {
    const user = await person();
    const { email } = await request(user, typed);
    expect(email).toBe(typed.trim().toLowerCase());
    await confirm(user, await tokenIn(email, "/email-change"));
    expect(await emailsOf(user)).toEqual([email, email]);
  },
);

test.each([
  "",
  "x",
  "a@b@c",
  "a b@example.com",
  "\u212aelvin@example.com",
  `${"x".repeat(250)}@e.com`,
])("what is no address is refused: %j", async (typed) => {
  const user = await person();
  await emptyMailbox();
  await expect(request(user, typed)).rejects.toMatchObject({ param: "email" });
  expect(await listMail()).toEqual([]);
  expect((await present(user)).emailChange).toBeUndefined();
});

test("the present address, a suspended account and a fifth address in 3 days are refused", async () => {
  const user = await person();
  await expect(request(user, user.email)).rejects.toMatchObject({ param: "email" });
  const suspended = await person();
  await suspendAccount({ accountId: suspended._id, operator: null, reason: "abuse" });
  await expect(request(suspended, newAddress())).rejects.toMatchObject({ code: "forbidden" });
  let current = user;
  for (let i = 0; i < 4; i++) {
    const email = newAddress();
    await request(current, email);
    await confirm(current, await tokenIn(email, "/email-change"));
    current = await present(user);
  }
  await expect(request(current, newAddress())).rejects.toThrow("changed too often");
  await undoChange({ token: await tokenIn(user.email, "/email-change/undo"), ...from });
  expect(await emailsOf(user)).toEqual([user.email, user.email]);
});

test("an invitation to the former address is accepted after the change", async () => {
  const { owner, account, accountId } = await teamOfTwo();
  const user = await person("Lena");
  await invite({ account, inviter: inviterOf(owner), emails: [user.email], role: "viewer" });
  const token = await tokenTo(user.email);
  const email = newAddress();
  await request(user, email);
  await confirm(user, await tokenIn(email, "/email-change"));
  const changed = await present(user);
  expect(await joinTeam({ token, user: changed, ...from })).toMatchObject({ accountId });
});

test("a change that was interrupted is finished when the former address signs in", async () => {
  const { user, before, email } = await moved();
  // As a server leaves it that dies between the two writes.
  await setAccountEmail({ accountId: user._id, email: before });
  const other = await findOrCreateUser({ email: before });
  expect(other._id).not.toBe(user._id);
  expect(await emailsOf(user)).toEqual([email, email]);
});

test("debts follow a person who changes the address, deletes the account and returns with the former one", async () => {
  const { user, before } = await moved();
  await post({
    sourceId: `debt_${user._id}`,
    accountId: user._id,
    kind: "dispute",
    amount: -5_000,
  });
  await deleteAccount(user._id);
  const returned = await findOrCreateUser({ email: before });
  await takeOverDebts(returned._id);
  expect((await findById(returned._id))?.credits).toBe(-5_000);
});
