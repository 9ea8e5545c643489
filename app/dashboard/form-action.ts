import { notFound } from "next/navigation";
import type { z } from "zod";
import type { FormAction, FormEntries, FormState } from "@/components/ui/form-state";
import type { Account } from "@/lib/accounts/schema";
import { requireAccount } from "@/lib/auth/session";
import { AppError } from "@/lib/errors";

interface ActionRules<Schema extends z.ZodType, Result> {
  schema: Schema;
  /** Returns who acts; redirects or ends in a 404 for everyone else. The signed-in account by default. */
  authorize?: () => Promise<Account>;
  run: (account: Account, input: z.output<Schema>) => Promise<Result>;
}

/** The server action of a form: authorize, parse, one verb. Fields that the schema does not name are dropped. */
export function formAction<Schema extends z.ZodType, Result>(
  rules: ActionRules<Schema, Result>,
): FormAction<Result> {
  return async (_state, form) => {
    const entered = formEntries(form);
    const state = await runAction(rules, entered);
    return state.result === undefined ? { ...state, entered } : state;
  };
}

/**
 * Authorizes, parses and runs. Every field that is wrong is named; another account's resource is the same 404 as a missing
 * one; an AppError becomes a message at the field it names, any other error is thrown.
 */
export async function runAction<Schema extends z.ZodType, Result>(
  { schema, authorize = requireAccount, run }: ActionRules<Schema, Result>,
  input: unknown,
): Promise<FormState<Result>> {
  const account = await authorize();
  const parsed = schema.safeParse(input);
  if (!parsed.success) return { errors: fieldErrors(parsed.error) };
  try {
    return { result: await run(account, parsed.data), errors: {} };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === "not_found") notFound();
    return { errors: { [error.param ?? "form"]: error.message } };
  }
}

/** The first issue of each field. */
function fieldErrors(error: z.ZodError): FormState["errors"] {
  return Object.fromEntries(
    error.issues.toReversed().map((issue) => [String(issue.path[0] ?? "form"), issue.message]),
  );
}

function formEntries(form: FormData): FormEntries {
  const names = new Set([...form.keys()].filter((name) => !name.startsWith("$ACTION")));
  return Object.fromEntries(
    [...names].map((name) => {
      const values = form.getAll(name).filter((value) => typeof value === "string");
      return [name, values.length === 1 ? (values[0] ?? "") : values];
    }),
  );
}
