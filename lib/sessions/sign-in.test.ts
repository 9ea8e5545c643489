import { expect, test } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { countAttempt } from "./attempts";
import { attempts, ensureIndexes, links, sessions } from "./collection";
import { createSession } from "./create";
import { consumeLink, findLink, saveLink } from "./links";
import { findSession, listSessions } from "./queries";

const soon = () => new Date(Date.now() + 60_000);

useOwnDatabase(ensureIndexes);

test("of many concurrent uses of a link, one succeeds", async () => {
  await saveLink({ _id: "race", email: "a@example.com", expires: soon() });
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => consumeLink("race")));
  expect(outcomes.filter((link) => link !== null)).toHaveLength(1);
});

test("looking at a link does not use it, and using it ends the others to that address", async () => {
  await saveLink({ _id: "one", email: "b@example.com", expires: soon() });
  await saveLink({ _id: "two", email: "b@example.com", expires: soon() });
  await saveLink({ _id: "else", email: "c@example.com", expires: soon() });
  expect((await findLink("one"))?.email).toBe("b@example.com");
  expect((await findLink("one"))?.email).toBe("b@example.com");
  expect((await consumeLink("one"))?.email).toBe("b@example.com");
  expect([await findLink("one"), await findLink("two")]).toEqual([null, null]);
  expect(await findLink("else")).not.toBeNull();
});

test("an expired link or session is refused before the database has purged it", async () => {
  await saveLink({ _id: "late", email: "d@example.com", expires: new Date(Date.now() - 1) });
  expect(await links.countDocuments({ _id: "late" })).toBe(1);
  expect([await findLink("late"), await consumeLink("late")]).toEqual([null, null]);
  const { token } = await createSession({ userId: "usr_1", method: "email", userAgent: "" });
  expect((await findSession(token))?.userId).toBe("usr_1");
  await sessions.updateMany({}, { $set: { expires: new Date(Date.now() - 1) } });
  expect(await findSession(token)).toBeNull();
});

test("a session lasts seven days, and its row holds no token", async () => {
  const { token, expires } = await createSession({
    userId: "usr_2",
    method: "google",
    userAgent: "x".repeat(500),
  });
  expect(Buffer.from(token, "base64url")).toHaveLength(32);
  expect(Math.round((expires.getTime() - Date.now()) / 3_600_000)).toBe(7 * 24);
  const row = await sessions.findOne({ userId: "usr_2" });
  expect(JSON.stringify(row)).not.toContain(token);
  expect(row?.userAgent).toHaveLength(200);
});

test("a session that an earlier server made is its account's user's, and one of nobody signs nobody in", async () => {
  const { token } = await createSession({ userId: "usr_3", method: "email", userAgent: "" });
  const filter = { userId: "usr_3" };
  const earlier = { $set: { accountId: "usr_3" }, $unset: { userId: "" } };
  const { matchedCount } = await sessions.updateOne(filter, earlier as never);
  expect(matchedCount).toBe(1);
  expect(await findSession(token)).toMatchObject({ userId: "usr_3" });
  expect(await listSessions("usr_3")).toHaveLength(1);
  const ownerless = await createSession({ userId: "usr_4", method: "email", userAgent: "" });
  await sessions.updateOne({ userId: "usr_4" }, { $unset: { userId: "" } });
  expect(await findSession(ownerless.token)).toBeNull();
});

test("concurrent attempts are counted once each, and the next window starts at zero", async () => {
  const attempt = {
    what: "test",
    by: "203.0.113.7",
    max: 5,
    windowMs: 60_000,
    // Not in the past: counters of windows that have passed are purged.
    now: 4_000_000_000_000,
  };
  const results = await Promise.all(Array.from({ length: 30 }, () => countAttempt(attempt)));
  expect(results.filter(({ allowed: isAllowed }) => isAllowed)).toHaveLength(5);
  expect((await countAttempt({ ...attempt, by: "203.0.113.8" })).allowed).toBe(true);
  expect((await countAttempt({ ...attempt, what: "else" })).allowed).toBe(true);
  const { until } = await countAttempt(attempt);
  expect((await countAttempt({ ...attempt, now: until.getTime() - 1 })).allowed).toBe(false);
  expect((await countAttempt({ ...attempt, now: until.getTime() })).allowed).toBe(true);
  expect(JSON.stringify(await attempts.find().toArray())).not.toContain("203.0.113");
});
