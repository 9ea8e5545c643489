"use client";

import { useState } from "react";
import { useFormStatus } from "react-dom";

/**
 * Whether a part of a form was edited since the form was last sent: its error is of an input that is no longer there. `onInput`
 * goes on an element around its controls.
 */
export function useEdited(): { isEdited: boolean; onInput: () => void } {
  const { pending: isPending } = useFormStatus();
  const [isEdited, setEdited] = useState(false);
  const [wasPending, setWasPending] = useState(isPending);
  if (isPending !== wasPending) {
    setWasPending(isPending);
    // The response is about what was sent.
    if (!isPending) setEdited(false);
  }
  return { isEdited, onInput: () => setEdited(true) };
}
