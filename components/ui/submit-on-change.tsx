"use client";

import { useEffect } from "react";

const TYPING_MS = 250;

/** Submits a GET form when a field changes, so that no button is needed with scripts. */
export function SubmitOnChange({ form, q }: { form: string; q: string }) {
  useEffect(() => {
    // The URL can change without the field, such as by Back. While the user types, the field takes precedence.
    const field = document.querySelector(`#${form} input[name="q"]`);
    if (field instanceof HTMLInputElement && field !== document.activeElement) field.value = q;
  }, [form, q]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const listen = (event: Event) => {
      const field = event.target;
      if (
        !(field instanceof HTMLInputElement || field instanceof HTMLSelectElement) ||
        field.form?.id !== form
      )
        return;
      clearTimeout(timer);
      timer = setTimeout(
        () => field.form?.requestSubmit(),
        field instanceof HTMLInputElement ? TYPING_MS : 0,
      );
    };
    document.addEventListener("input", listen);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("input", listen);
    };
  }, [form]);
  return null;
}
