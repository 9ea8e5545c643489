/** Text fields of a form by name; a name with several values has them all. */
export type FormEntries = Record<string, string | string[]>;

/** The return value of a form action: its result, or errors by field name ("form" for the entire form). */
export interface FormState<Result = unknown> {
  result?: Result;
  errors: Partial<Record<string, string>>;
  /** The submitted values, returned with errors, so that the form keeps its input. */
  entered?: FormEntries;
}

export type FormAction<Result = unknown> = (
  state: FormState,
  form: FormData,
) => Promise<FormState<Result>>;

/** The state of a form before its first submission. */
export const UNSENT_FORM: FormState<never> = { errors: {} };

/** The first error of a form, or null. */
export const firstError = ({ errors }: FormState): string | null =>
  Object.values(errors).find((message) => message !== undefined) ?? null;
