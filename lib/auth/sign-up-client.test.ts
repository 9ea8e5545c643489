import { NextRequest } from "next/server";
import { expect, test, vi } from "vitest";
import { findByEmail } from "@/lib/accounts/queries";
import { FREE_REQUESTS } from "@/lib/accounts/schema";
import { useOwnDatabase } from "@/lib/db/own-database";
import { env } from "@/lib/env";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { saveLink } from "@/lib/sessions/links";
import { adapterFor } from "./adapter";
import { finishLink } from "./link";
import { linkHash } from "./next-auth";

useOwnDatabase(async () => {
  vi.stubEnv("ONEKEY_SANDBOX_MAIL", "http://127.0.0.1:9");
  await ensureIndexes();
});

let links = 0;

/** Opens a mailed link, as the page does that a browser at `client` posts. */
async function signInByLink({ email, client }: { email: string; client: string }) {
  const token = `token-${++links}`;
  const expires = new Date(Date.now() + 60_000);
  await saveLink({ _id: linkHash(token), email, expires });
  const origin = new URL(env().nextauthUrl).origin;
  const response = await finishLink(
    new NextRequest(`${origin}/sign-in/link`, {
      method: "POST",
      headers: {
        origin,
        host: new URL(origin).host,
        "content-type": "application/x-www-form-urlencoded",
        "x-forwarded-for": client,
      },
      body: new URLSearchParams({ token, next: "/dashboard" }).toString(),
    }),
  );
  expect(response.headers.get("location")).toBe("/dashboard");
  return findByEmail(email);
}

test("of twelve sign-ups by mailed link from one network, three have free requests", async () => {
  const accounts = [];
  for (let i = 0; i < 12; i++)
    accounts.push(await signInByLink({ email: `m${i}@gmail.com`, client: `::ffff:192.0.2.${i}` }));
  expect(accounts.map((account) => account?.free.requests)).toEqual([
    FREE_REQUESTS,
    FREE_REQUESTS,
    FREE_REQUESTS,
    ...Array.from({ length: 9 }, () => 0),
  ]);
  expect(accounts.at(-1)?.freeWithheld).toBe("network");
  const session = await signInByLink({ email: "m0@gmail.com", client: "192.0.2.0" });
  expect(session?._id).toBe(accounts[0]?._id);
});

test("five of eight Google or GitHub sign-ups of one domain have free requests", async () => {
  const accountIds = [];
  for (let i = 0; i < 8; i++) {
    const client = `2001:db8:${i}::1`;
    const method = i % 2 === 0 ? "google" : "github";
    const { adapter } = adapterFor({ method, userAgent: "", client });
    const email = `g${i}@corp.example`;
    await adapter.getUserByAccount?.({ provider: method, providerAccountId: `${i}` });
    await adapter.createUser?.({ id: "", email, emailVerified: null, name: "", image: "" });
    accountIds.push(await findByEmail(email));
  }
  expect(accountIds.map((account) => account?.freeWithheld ?? "granted")).toEqual([
    ...Array.from({ length: 5 }, () => "granted"),
    ...Array.from({ length: 3 }, () => "domain"),
  ]);
});
