"use client";

import { useEffect } from "react";

const TYPING_MS = 250;

/** Sends a GET form as its fields change, so that nobody with scripts has to press a button. */
export function SubmitOnChange({ form }: { form: string }) {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const listen = (event: Event) => {
      const field = event.target;
      if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement) || field.form?.id !== form) return;
      clearTimeout(timer);
      timer = setTimeout(() => field.form?.requestSubmit(), field instanceof HTMLInputElement ? TYPING_MS : 0);
    };
    document.addEventListener("input", listen);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("input", listen);
    };
  }, [form]);
  return null;
}
