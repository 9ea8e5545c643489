import { notFound } from "next/navigation";
import type { z } from "zod";
import type { FormAction, FormEntries, FormState } from "@/components/ui/form-state";
import { AppError } from "@/lib/errors";

interface ActionRules<Schema extends z.ZodType, Result, Actor> {
  schema: Schema;
  /**
   * Returns who submits the form; redirects or returns a 404 for others. An AppError, such as for a role that may not, becomes a
   * message of the form.
   */
  authorize: () => Promise<Actor>;
  run: (actor: Actor, input: z.output<Schema>) => Promise<Result>;
}

/** Creates the server action of a form: authorize, parse, run. Fields that are not in the schema are dropped. */
export function formAction<Schema extends z.ZodType, Result, Actor>(
  rules: ActionRules<Schema, Result, Actor>,
): FormAction<Result> {
  return async (_state, form) => {
    const entries = formEntries(form);
    const state = await runAction(rules, entries);
    return state.result === undefined ? { ...state, entered: entries } : state;
  };
}

/**
 * Authorizes, parses and runs. Returns an error for every invalid field. Another account's resource is the same 404 as
 * a missing one. An AppError becomes a message at its field; other errors are thrown.
 */
export async function runAction<Schema extends z.ZodType, Result, Actor>(
  { schema, authorize, run }: ActionRules<Schema, Result, Actor>,
  input: unknown,
): Promise<FormState<Result>> {
  try {
    const actor = await authorize();
    const parseResult = schema.safeParse(input);
    if (!parseResult.success) return { errors: fieldErrors(parseResult.error) };
    return { result: await run(actor, parseResult.data), errors: {} };
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
