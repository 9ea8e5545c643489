"use client";

import { RefreshCw } from "lucide-react";
import { useActionState, useState } from "react";
import { Button } from "@/components/ui/button";
import { UNSENT_FORM, type FormAction } from "@/components/ui/form-state";
import { KeyReveal } from "@/components/ui/key-reveal";
import { Notice } from "@/components/ui/notice";
import { Confirm } from "./confirm";

interface Props {
  project: { id: string; name: string };
  /** The preview of the project's key, or null when it has none. */
  preview: string | null;
  oldPreview: string | undefined;
  baseUrl: string;
  /** "214 requests used it in the last hour." */
  lastHour: string;
  createKey: FormAction<{ secret: string }>;
  revokeKey: FormAction;
}

/** Creates, replaces and revokes a project's key, and shows a new one once. */
export function KeyActions({
  project,
  preview,
  oldPreview,
  baseUrl,
  lastHour,
  createKey,
  revokeKey,
}: Props) {
  const [creation, sendCreation, isCreating] = useActionState(createKey, UNSENT_FORM);
  const [revocation, sendRevocation, isRevoking] = useActionState(revokeKey, UNSENT_FORM);
  const [dismissedSecret, setDismissedSecret] = useState<string | null>(null);
  const newSecret = creation.result?.secret ?? null;
  const secret = newSecret === dismissedSecret ? null : newSecret;
  const fields = { projectId: project.id, expected: preview ?? "" };
  return (
    <>
      {preview === null ? (
        <form action={sendCreation} className="flex flex-wrap items-center gap-3">
          <input type="hidden" name="projectId" value={project.id} />
          <input type="hidden" name="expected" value="" />
          <Button type="submit" variant="primary" busy={isCreating} busyLabel="Creating">
            Create key
          </Button>
          {creation.errors.form ? <Notice tone="danger">{creation.errors.form}</Notice> : null}
        </form>
      ) : (
        <span className="flex flex-wrap gap-2" key={preview}>
          <Confirm
            action={sendCreation}
            pending={isCreating}
            error={creation.errors.form}
            fields={fields}
            label={
              <>
                <RefreshCw aria-hidden="true" /> Regenerate
              </>
            }
            title={`Regenerate the key of ${project.name}?`}
            consequence={`${preview} is refused from the moment you press Regenerate, and a new key is shown once. ${lastHour} To rotate without downtime, create a second project instead: give its key to your clients, then revoke this one.`}
            confirm="Regenerate"
            busyLabel="Regenerating"
          />
          <Confirm
            action={sendRevocation}
            pending={isRevoking}
            error={revocation.errors.form}
            fields={fields}
            label="Revoke"
            variant="danger-quiet"
            title={`Revoke the key of ${project.name}?`}
            consequence={`${preview} is refused from the moment you press Revoke. ${lastHour} Requests in flight finish and are charged. The project stays, and you can create another key for it.`}
            confirm="Revoke"
            busyLabel="Revoking"
          />
        </span>
      )}
      {secret === null ? null : (
        <p className="hidden basis-full rounded-md border border-line-control bg-quiet px-3 py-2.5 text-sm noscript:block">
          Copy the new key now. It is shown once:{" "}
          <code className="font-mono break-all">{secret}</code>
        </p>
      )}
      <KeyReveal
        secret={secret}
        project={project.name}
        oldPreview={oldPreview}
        baseUrl={baseUrl}
        onDone={() => setDismissedSecret(secret)}
      />
    </>
  );
}
