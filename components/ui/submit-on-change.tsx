"use client";

import { useEffect } from "react";

const TYPING_MS = 250;

/** Sends a GET form as its fields change, so that nobody with scripts has to press a button. */
export function SubmitOnChange({ form, q }: { form: string; q: string }) {
  useEffect(() => {
    // The address may change without the field, such as by Back; while somebody types, the field is right.
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
