/** What a form's action answered. `failed.field` names the field it is about, or is empty. */
export type FormState<Done = unknown> =
  | { done: Done; failed?: undefined; entered?: undefined }
  | {
      done?: undefined;
      failed?: { message: string; field: string };
      entered?: Record<string, string | string[]>;
    };

export type FormAction<Done = unknown> = (
  state: FormState<Done>,
  form: FormData,
) => Promise<FormState<Done>>;
