import { spawn } from "node:child_process";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { turnOffTopUp, turnOnTopUp } from "@/lib/accounts/top-up";
import { closeDatabase } from "@/lib/db/client";
import { sweep } from "@/lib/maintenance/sweep";
import { listEntries } from "@/lib/ledger/queries";
import { parseCredits } from "@/lib/money";
import { customerOf } from "@/lib/payments/cards/customer";
import { settleCheckout } from "@/lib/payments/cards/settle-checkout";
import { runTopUps } from "@/lib/payments/cards/top-up";
import { ROOT } from "../support/processes";
import { auditProblems } from "../support/shared-deployment";
import {
  createBuyer,
  openCheckoutPage,
  pressButton,
  reloadAccount,
  sessionOf,
  startCardDeployment,
  untilCredits,
  type CardDeployment,
} from "./stripe-deployment";

const program = path.join(ROOT, "node_modules/.cache/onekey/die-at-write.mjs");
const WRITES_MAX = 20;
let cards: CardDeployment;

beforeAll(async () => {
  const { build } = await import("esbuild");
  await build({
    absWorkingDir: ROOT,
    entryPoints: ["e2e/payments/die-at-write.ts"],
    outfile: program,
    bundle: true,
    packages: "external",
    // The workspace's packages are TypeScript, which Node cannot import: they go into the bundle.
    alias: { "@": ROOT, "@onekey/embedded-mongo": path.join(ROOT, "packages/embedded-mongo") },
    platform: "node",
    format: "esm",
    target: "node20.19",
  });
  // The server's own jobs must not finish what the killed process left: only the sweep and the next try may.
  cards = await startCardDeployment({ server: false });
});
afterAll(async () => {
  await cards.close();
  await closeDatabase();
});

/** Runs the work in a process that dies before its nth write; returns how it ended. */
function dieAt(nth: number, work: string, id = ""): Promise<"killed" | "done"> {
  const child = spawn(process.execPath, [program, work, id, String(nth)], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_ENV: "production",
      ...cards.environment,
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  return new Promise((resolve, reject) =>
    child.once("exit", (code, signal) =>
      signal === "SIGKILL"
        ? resolve("killed")
        : code === 0
          ? resolve("done")
          : reject(new Error(`exit ${code}`)),
    ),
  );
}

test("kill -9 before each write of a payment: the books balance, it is credited once", async () => {
  let killCount = 0;
  for (let nth = 1; nth <= WRITES_MAX; nth++) {
    const account = await createBuyer();
    const page = await openCheckoutPage(account, "50");
    await pressButton(page, "pay");
    const end = await dieAt(nth, "checkout", sessionOf(page));
    await sweep();
    expect(await auditProblems(), `killed before write ${nth}`).toEqual([]);
    await Promise.all([settleCheckout(sessionOf(page)), settleCheckout(sessionOf(page))]);
    await untilCredits(account, "50");
    expect(await listEntries(account._id)).toHaveLength(1);
    if (end === "done") break;
    killCount++;
  }
  // The ledger's four: the entry, the balance, the withheld free requests, the mark that it is applied; then the end of the
  // purchase.
  expect(killCount).toBe(5);
  expect(await auditProblems()).toEqual([]);
});

test("kill -9 before each write of a top-up: the card is charged and credited once", async () => {
  let killCount = 0;
  for (let nth = 1; nth <= WRITES_MAX; nth++) {
    const account = await createBuyer("1");
    const customer = await customerOf({ account, user: account });
    await pressButton(await cards.setUpPage(await reloadAccount(account)), "pay");
    await cards.settleSetUp(account);
    const settings = {
      threshold: parseCredits("5"),
      amount: parseCredits("20"),
      monthlyMax: parseCredits("40"),
    };
    await turnOnTopUp({ accountId: account._id, ...settings });
    const end = await dieAt(nth, "top-ups");
    await sweep();
    expect(await auditProblems(), `killed before write ${nth}`).toEqual([]);
    await Promise.all([runTopUps(), runTopUps()]);
    await untilCredits(account, "21");
    const intents = await cards.api.paymentIntents.list({ customer });
    expect(intents.data.map(({ status }) => status)).toEqual(["succeeded"]);
    expect((await listEntries(account._id)).filter(({ kind }) => kind === "purchase")).toHaveLength(
      1,
    );
    expect((await reloadAccount(account)).topUp?.pending).toBeUndefined();
    await turnOffTopUp(account._id);
    if (end === "done") break;
    killCount++;
  }
  // The claim, the purchase, the payment's id; the ledger's four; the ends of the purchase and of the claim.
  expect(killCount).toBe(9);
  expect(await auditProblems()).toEqual([]);
});
