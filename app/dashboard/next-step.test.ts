import { expect, test } from "vitest";
import { createAccount } from "@/lib/accounts/create";
import { findById } from "@/lib/accounts/queries";
import { useOwnDatabase } from "@/lib/db/own-database";
import { createKey } from "@/lib/keys/create";
import { revokeKey } from "@/lib/keys/revoke";
import { ensureIndexes } from "@/lib/maintenance/boot";
import type { Role } from "@/lib/teams/schema";
import { usage } from "@/lib/usage/collection";
import { NO_TOKENS } from "@/lib/usage/schema";
import { nextStep } from "./next-step";

useOwnDatabase(ensureIndexes);

test("after a payment the next step is a key, then the first request, then the overview", async () => {
  const { _id: accountId, projects } = await createAccount({ email: "buyer@example.com" });
  const projectId = projects[0]?.id ?? "";
  const stepFor = async (role: Role = "owner") => {
    const account = await findById(accountId);
    if (account === null) throw new Error("The account is there.");
    const { label, href } = await nextStep({ account, role });
    return [label, href];
  };
  expect(await stepFor()).toEqual(["Create a key", "/dashboard"]);
  // Who pays for a team may not create its keys.
  expect(await stepFor("billing")).toEqual(["Overview", "/dashboard"]);

  const { key } = await createKey({ accountId, projectId, name: "first" });
  expect(await stepFor()).toEqual(["Send the first request", "/dashboard"]);
  expect(await stepFor("billing")).toEqual(["Send the first request", "/dashboard"]);

  await usage.insertOne({
    _id: "req_first",
    accountId,
    projectId,
    at: new Date(),
    model: "gpt-6-luna",
    provider: "openai",
    channel: "openai-1",
    endpoint: "responses",
    stream: false,
    status: 200,
    endedBy: "complete",
    tokens: NO_TOKENS,
    cost: 0,
    free: true,
    latencyMs: 1,
    firstByteMs: 1,
    usageSource: "provider",
  });
  expect(await stepFor()).toEqual(["Overview", "/dashboard"]);
  const account = await findById(accountId);
  if (account === null) throw new Error("The account is there.");
  const { text } = await nextStep({ account, role: "owner" });
  expect(text).toContain("The 20 free requests are used first.");

  // Whoever has sent requests finds the form of keys, not the first session.
  await revokeKey({ accountId, keyId: key._id });
  expect(await stepFor()).toEqual(["Create a key", `/dashboard/projects/${projectId}/keys/new`]);
});
