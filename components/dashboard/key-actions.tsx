"use client";

import { RefreshCw } from "lucide-react";
import { useActionState, useState } from "react";
import { Button } from "@/components/ui/button";
import { KeyReveal } from "@/components/ui/key-reveal";
import { Notice } from "@/components/ui/notice";
import { Confirm } from "./confirm";
import type { FormAction } from "./form-state";

interface Props {
  project: { id: string; name: string };
  /** The preview of the project's key, or null when it has none. */
  preview: string | null;
  replaced: string | undefined;
  baseUrl: string;
  /** "214 requests used it in the last hour." */
  lastHour: string;
  makeKey: FormAction<{ secret: string }>;
  revoke: FormAction;
}

/** Makes, replaces and revokes a project's key, and shows a new one once. */
export function KeyActions({
  project,
  preview,
  replaced,
  baseUrl,
  lastHour,
  makeKey,
  revoke,
}: Props) {
  const [made, make, making] = useActionState(makeKey, {});
  const [revoked, revokeIt, revoking] = useActionState(revoke, {});
  const [seen, setSeen] = useState<string | null>(null);
  const secret = made.done && made.done.secret !== seen ? made.done.secret : null;
  const fields = { projectId: project.id, expected: preview ?? "" };
  return (
    <>
      {preview === null ? (
        <form action={make} className="flex flex-wrap items-center gap-3">
          <input type="hidden" name="projectId" value={project.id} />
          <input type="hidden" name="expected" value="" />
          <Button type="submit" variant="primary" busy={making} busyLabel="Creating">
            Create key
          </Button>
          {made.failed ? <Notice tone="danger">{made.failed.message}</Notice> : null}
        </form>
      ) : (
        <span className="flex flex-wrap gap-2" key={preview}>
          <Confirm
            action={make}
            pending={making}
            error={made.failed?.message}
            fields={fields}
            label={
              <>
                <RefreshCw aria-hidden="true" /> Regenerate
              </>
            }
            title={`Regenerate the key of ${project.name}?`}
            consequence={`${preview} is refused from the moment you press Regenerate, and a new key is shown once. ${lastHour} To rotate without downtime, make a second project instead: give its key to your clients, then revoke this one.`}
            confirm="Regenerate"
            busyLabel="Regenerating"
          />
          <Confirm
            action={revokeIt}
            pending={revoking}
            error={revoked.failed?.message}
            fields={fields}
            label="Revoke"
            variant="danger-quiet"
            title={`Revoke the key of ${project.name}?`}
            consequence={`${preview} is refused from the moment you press Revoke. ${lastHour} Requests that are under way end and are charged. The project stays, and you can make it another key.`}
            confirm="Revoke"
            busyLabel="Revoking"
          />
        </span>
      )}
      {secret === null ? null : (
        <p className="hidden basis-full rounded-md border border-line-control bg-quiet px-3 py-2.5 text-sm noscript:block">
          Copy the new key now, it is shown once:{" "}
          <code className="font-mono break-all">{secret}</code>
        </p>
      )}
      <KeyReveal
        secret={secret}
        project={project.name}
        replaced={replaced}
        baseUrl={baseUrl}
        onDone={() => setSeen(secret)}
      />
    </>
  );
}
