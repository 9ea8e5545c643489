"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { UNSENT_FORM, type FormAction } from "@/components/ui/form-state";
import { Notice } from "@/components/ui/notice";
import { NewKey, type NewSecret } from "./new-key";

interface Props {
  projectId: string;
  baseUrl: string;
  /** Whether the project has no key yet; the button goes once it has one. */
  isFirst: boolean;
  createKey: FormAction<NewSecret>;
}

/** Creates a project's first key with one press, and shows it once. */
export function FirstKey({ projectId, baseUrl, isFirst, createKey }: Props) {
  const [state, send, isCreating] = useActionState(createKey, UNSENT_FORM);
  return (
    <>
      {isFirst ? (
        <form action={send} className="flex flex-wrap items-center gap-3">
          <input type="hidden" name="projectId" value={projectId} />
          <Button type="submit" variant="primary" busy={isCreating} busyLabel="Creating">
            Create key
          </Button>
          {state.errors.form ? <Notice tone="danger">{state.errors.form}</Notice> : null}
        </form>
      ) : null}
      <NewKey state={state} baseUrl={baseUrl} />
    </>
  );
}
