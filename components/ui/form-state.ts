/** Text fields of a form by name; a name with several values has them all. */
export type FormEntries = Record<string, string | string[]>;

/** What a form's action returned: its result, or what is wrong by field name ("form": the form as a whole). */
export interface FormState<Result = unknown> {
  result?: Result;
  errors: Partial<Record<string, string>>;
  /** What was entered, next to errors, so that nothing has to be typed twice. */
  entered?: FormEntries;
}

export type FormAction<Result = unknown> = (
  state: FormState,
  form: FormData,
) => Promise<FormState<Result>>;

/** The state of a form that was not sent yet. */
export const UNSENT_FORM: FormState<never> = { errors: {} };

/** The first error of a form, or null. */
export const firstError = ({ errors }: FormState): string | null =>
  Object.values(errors).find((message) => message !== undefined) ?? null;
