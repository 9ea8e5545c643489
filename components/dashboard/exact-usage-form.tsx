"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { UNSENT_FORM, type FormAction } from "@/components/ui/form-state";

interface Props {
  action: FormAction;
  projectId: string;
  isOn: boolean;
}

/** Switches a project's exact stream usage. */
export function ExactUsageForm({ action, projectId, isOn }: Props) {
  const [state, send, pending] = useActionState(action, UNSENT_FORM);
  return (
    <form action={send} className="grid max-w-prose justify-items-start gap-4">
      <input type="hidden" name="projectId" value={projectId} />
      <Checkbox name="exact" key={String(isOn)} defaultChecked={isOn}>
        Exact stream usage
        <span className="block text-sm text-muted">
          Where a chat stream does not ask for its usage, stream_options.include_usage is added to
          the request and the extra chunk is removed from the response.
        </span>
      </Checkbox>
      <span className="flex items-center gap-3">
        <Button type="submit" busy={pending} busyLabel="Saving">
          Save
        </Button>
        <span role="status" className="text-sm text-muted">
          {state.result === undefined ? null : "Saved"}
        </span>
      </span>
    </form>
  );
}
