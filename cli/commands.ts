import { createAccount } from "@/lib/accounts/create";
import { regenerateKey } from "@/lib/keys/regenerate";
import { listKeys } from "@/lib/keys/queries";
import { findByEmail } from "@/lib/accounts/queries";
import type { Account } from "@/lib/accounts/schema";
import { ActionReason } from "@/lib/operator-actions/schema";
import { liftAccount, suspendAccount } from "@/lib/auth/suspension";
import { AppError } from "@/lib/errors";
import { sumPosted } from "@/lib/ledger/queries";
import { formatCredits, parseCredits } from "@/lib/money";
import { grantCredits } from "@/lib/payments/grant";
import { sumCharged } from "@/lib/usage/queries";
import { incidentCommands } from "./incidents";
import { auditBooks, sweepNow } from "./maintenance";
import { catalogApply, catalogCheck, catalogDiff, catalogRollback, catalogShow } from "./catalog";
import { reconcileDay } from "./reconcile";
import { backup, compact, doctor } from "./data-directory";
import { createProjectKey, regenerateProjectKey, revokeKeysOf } from "./keys";
import { need, type CommandOptions } from "./options";
import { paymentsAssign, paymentsAttention } from "./payments";
import { exportTo, importFrom } from "./transfer";

export type CommandResult = { data: Record<string, unknown>; lines: string[]; failed?: boolean };

/** The operator's commands, by their words. Each returns its one JSON object and the same in lines. */
export const COMMANDS: Record<string, (options: CommandOptions) => Promise<CommandResult>> = {
  "account create": accountCreate,
  "account show": accountShow,
  "account suspend": accountSuspend,
  "account lift": accountLift,
  "credits grant": creditsGrant,
  "catalog show": ({ model }) => catalogShow(model),
  "catalog diff": ({ file }) => catalogDiff(file),
  "catalog apply": (options) => catalogApply(need(options, "file")),
  "catalog rollback": ({ version }) => catalogRollback(version),
  "catalog check": catalogCheck,
  "payments attention": paymentsAttention,
  "payments assign": (options) =>
    paymentsAssign({ transfer: need(options, "transfer"), email: need(options, "email") }),
  "key create": async (options) => createProjectKey(await accountOf(options), options),
  "key regenerate": (options) => regenerateProjectKey(need(options, "project")),
  "key revoke": (options) => revokeKeysOf(need(options, "project")),
  ...incidentCommands,
  reconcile: (options) => reconcileDay(need(options, "provider"), need(options, "day")),
  backup: (options) => backup(need(options, "to")),
  compact,
  doctor: (options) => doctor(options.salvage ?? null),
  export: (options) => exportTo(need(options, "file"), options.resume !== undefined),
  import: (options) => importFrom(need(options, "file"), options.resume !== undefined),
  sweep: sweepNow,
  audit: auditBooks,
};

/** Commands that do not open the database. */
export const OFFLINE: ReadonlySet<string> = new Set(["doctor"]);

async function accountOf(options: CommandOptions): Promise<Account> {
  const account = await findByEmail(need(options, "email"));
  if (!account) throw new AppError("not_found", "There is no account with that email.");
  return account;
}

function amountOf(text: string): number {
  try {
    return parseCredits(text);
  } catch (error) {
    throw new AppError(
      "bad_request",
      error instanceof Error ? error.message : "That is not an amount.",
      {
        cause: error,
      },
    );
  }
}

async function accountCreate(options: CommandOptions): Promise<CommandResult> {
  const credits = options.credits === undefined ? 0 : amountOf(options.credits);
  const account = await createAccount({
    email: need(options, "email"),
    ...(options.name ? { name: options.name } : {}),
  });
  if (credits !== 0)
    await grantCredits({
      accountId: account._id,
      amount: credits,
      reason: "account created",
      operator: null,
    });
  const project = account.projects[0]?.id ?? "";
  const key = await regenerateKey({ accountId: account._id, projectId: project });
  const data = {
    account: account._id,
    email: account.email,
    project,
    key,
    credits: formatCredits(credits),
    credits_nano: credits,
    freeRequests: account.free.requests,
  };
  return {
    data,
    lines: [
      `${account._id}  ${account.email}`,
      `project  ${project}`,
      `key      ${key}`,
      `credits  ${data.credits}`,
    ],
  };
}

async function accountShow(options: CommandOptions): Promise<CommandResult> {
  const account = await accountOf(options);
  const ledger = await sumPosted(account._id);
  const usage = await sumCharged({ accountId: account._id });
  const keys = (await listKeys({ account })).filter(({ live }) => live.length > 0);
  const data = {
    account: account._id,
    email: account.email,
    credits: formatCredits(account.credits),
    credits_nano: account.credits,
    freeRequests: account.free.requests,
    freeCredits: formatCredits(account.free.credits),
    projects: account.projects.map(({ id, name, limits, models, addresses }) => ({
      id,
      name,
      key: keys.find(({ key }) => key.projectId === id)?.live.at(-1)?.preview ?? null,
      keys: keys
        .filter(({ key }) => key.projectId === id)
        .map(({ key, live }) => ({
          id: key._id,
          name: key.name,
          preview: live.at(-1)?.preview,
        })),
      limits,
      models,
      addresses,
    })),
    holds: account.holds.map((hold) => ({
      ...hold,
      amount: formatCredits(hold.amount),
      amount_nano: hold.amount,
    })),
    ledger: {
      entries: ledger.entries,
      posted: formatCredits(ledger.amount),
      posted_nano: ledger.amount,
    },
    usage: { rows: usage.rows, charged: formatCredits(usage.cost), charged_nano: usage.cost },
  };
  return {
    data,
    lines: [
      `${data.account}  ${data.email}`,
      `credits        ${data.credits}`,
      `free requests  ${data.freeRequests}`,
      `open holds     ${data.holds.length}`,
      ...data.projects.map(
        (project) => `${project.id}  ${project.name}  ${project.key ?? "no key"}`,
      ),
    ],
  };
}

async function accountSuspend(options: CommandOptions): Promise<CommandResult> {
  const { _id: accountId, email } = await accountOf(options);
  const reason = reasonOf(options);
  const hasChanged = await suspendAccount({ accountId, operator: null, reason });
  return {
    data: { account: accountId, email, changed: hasChanged },
    lines: [
      `${email} ${hasChanged ? "is suspended: its keys are disabled" : "was suspended before"}`,
    ],
  };
}

async function accountLift(options: CommandOptions): Promise<CommandResult> {
  const { _id: accountId, email } = await accountOf(options);
  const reason = reasonOf(options);
  const hasChanged = await liftAccount({ accountId, operator: null, reason });
  return {
    data: { account: accountId, email, changed: hasChanged },
    lines: [
      `${email} ${hasChanged ? "is no longer suspended: its keys work" : "was not suspended"}`,
    ],
  };
}

async function creditsGrant(options: CommandOptions): Promise<CommandResult> {
  const account = await accountOf(options);
  const amount = amountOf(need(options, "amount"));
  const reason = reasonOf(options);
  const entry = await grantCredits({ accountId: account._id, amount, reason, operator: null });
  return {
    data: {
      account: account._id,
      entry: entry._id,
      amount: formatCredits(amount),
      amount_nano: amount,
    },
    lines: [`${entry._id}  ${formatCredits(amount)} credits to ${account.email}`],
  };
}

function reasonOf(options: CommandOptions): string {
  const { success, data, error } = ActionReason.safeParse(need(options, "reason"));
  if (!success)
    throw new AppError("bad_request", error.issues[0]?.message ?? "Give another reason.");
  return data;
}
