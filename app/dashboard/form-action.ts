import { notFound } from "next/navigation";
import type { z } from "zod";
import type { Account } from "@/lib/accounts/schema";
import { requireAccount } from "@/lib/auth/session";
import { AppError } from "@/lib/errors";
import type { FormState } from "@/components/dashboard/form-state";

/**
 * A server action of a form: who, parse, one verb. What was entered comes back beside the error, so that nothing is lost;
 * what is not this account's is the same 404 as what does not exist. Fields that the schema does not name are dropped.
 */
export async function act<Schema extends z.ZodType, Done>(
  schema: Schema,
  form: FormData,
  run: (account: Account, input: z.output<Schema>) => Promise<Done>,
): Promise<FormState<Done>> {
  const account = await requireAccount();
  return answer(schema, form, async (input) => {
    try {
      return await run(account, input);
    } catch (error) {
      if (error instanceof AppError && error.code === "not_found") notFound();
      throw error;
    }
  });
}

/** The part of an action that comes after who: what the form says about what was entered, or about what was done. */
export async function answer<Schema extends z.ZodType, Done>(
  schema: Schema,
  form: FormData,
  run: (input: z.output<Schema>) => Promise<Done>,
): Promise<FormState<Done>> {
  const entered = entries(form);
  const parsed = schema.safeParse(entered);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return {
      failed: {
        message: issue?.message ?? "That cannot be saved.",
        field: String(issue?.path[0] ?? ""),
      },
      entered,
    };
  }
  try {
    return { done: await run(parsed.data) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { failed: { message: error.message, field: error.param ?? "" }, entered };
  }
}

/** The text fields of a form; of those that were given several times, all. */
function entries(form: FormData): Record<string, string | string[]> {
  const names = new Set([...form.keys()].filter((name) => !name.startsWith("$ACTION")));
  return Object.fromEntries(
    [...names].map((name) => {
      const values = form.getAll(name).filter((value) => typeof value === "string");
      return [name, values.length === 1 ? (values[0] ?? "") : values];
    }),
  );
}
