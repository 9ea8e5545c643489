import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { accounts } from "@/lib/accounts/collection";
import { createAccount } from "@/lib/accounts/create";
import { findByEmail } from "@/lib/accounts/queries";
import { findUser, findUserOfAddress } from "@/lib/auth/users";
import { useOwnDatabase } from "@/lib/db/own-database";
import { importDatabase } from "@/lib/db/transfer";
import { env } from "@/lib/env";
import { audit } from "@/lib/maintenance/audit";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { sessions } from "@/lib/sessions/collection";
import { findSession, listSessions } from "@/lib/sessions/queries";
import { users } from "./collection";
import { migrateUsers } from "./migrate";
import { findUserByMethod } from "./queries";

/** `onekey export` of the last version in which accounts held who signs in. */
const EXPORT = fileURLToPath(new URL("fixtures/export-before-users.jsonl", import.meta.url));
/** The token of Mira's session in it. */
const TOKEN = "WY2mZIDFdooc_g96ehVrfrNxr8WFmEN_yEClYbgjlSg";

useOwnDatabase();

/** The export with the pepper's fingerprint of this database, which its keys are not tested with. */
function exportFile(): string {
  const file = path.join(mkdtempSync(path.join(tmpdir(), "onekey-export-")), "export.jsonl");
  const pepper = createHash("sha256").update(`onekey pepper ${env().keyPepper}`).digest("hex");
  const text = readFileSync(EXPORT, "utf8");
  writeFileSync(file, text.replace(/"pepper":"\w+"/, `"pepper":"${pepper.slice(0, 16)}"`));
  return file;
}

test("an export of the version before is migrated once, by several servers, and nothing is lost", async () => {
  await importDatabase(exportFile());
  await ensureIndexes();
  const before = await accounts.find().sort({ _id: 1 }).toArray();
  const counts = await Promise.all([migrateUsers(), migrateUsers(), migrateUsers()]);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(3);

  const mira = await findByEmail("mira@example.com");
  expect(await findUser(mira?._id ?? "")).toMatchObject({
    _id: mira?._id,
    email: "mira@example.com",
    name: "Mira Lindqvist",
    image: "https://images.example/mira.png",
    methods: [
      { provider: "google", subject: "108", email: "mira@example.com" },
      { provider: "github", subject: "4711", email: "mira.l@example.com" },
    ],
  });
  expect((await findUserByMethod({ provider: "github", subject: "4711" }))?._id).toBe(mira?._id);
  expect(await findUserOfAddress("jonas@example.com")).toMatchObject({ name: "", image: null });
  // Deleted people stay deleted.
  expect(await findUserByMethod({ provider: "google", subject: "5" })).toBeNull();
  expect((await users.find().toArray()).map(({ email }) => email).toSorted()).toEqual([
    "jonas@example.com",
    "mira@example.com",
    "tomas@example.com",
  ]);

  const session = await findSession(TOKEN);
  expect(session).toMatchObject({ userId: mira?._id });
  expect(session).not.toHaveProperty("accountId");
  expect(await sessions.countDocuments({ userId: { $exists: false } })).toBe(0);
  expect(await listSessions(mira?._id ?? "")).toHaveLength(1);

  // Every other field of the accounts is as it was, and the books balance.
  const identity = { image: undefined, methods: undefined };
  const after = await accounts.find().sort({ _id: 1 }).toArray();
  expect(after.map((account) => ({ ...account, ...identity }))).toEqual(
    before.map((account) => ({ ...account, ...identity })),
  );
  for (const account of after) {
    expect(account).not.toHaveProperty("image");
    expect(account).not.toHaveProperty("methods");
  }
  expect((await audit()).problems).toEqual([]);
  expect(await migrateUsers()).toBe(0);
});

test("an account that the operator made has a user from the first sign-in", async () => {
  const { _id } = await createAccount({ email: "made@example.com", name: "Made" });
  expect(await users.findOne({ _id })).toBeNull();
  const signIns = await Promise.all(
    Array.from({ length: 10 }, () => findUserOfAddress("made@example.com")),
  );
  expect(new Set(signIns.map((user) => user?._id))).toEqual(new Set([_id]));
  expect(await users.countDocuments({ _id })).toBe(1);
});
