"use client";

import { KeyRound } from "lucide-react";
import { Link } from "@/components/ui/link";
import { useRouter } from "next/navigation";
import { useActionState, useEffect, useState, type ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { UNSENT_FORM, type FormAction } from "@/components/ui/form-state";
import { KeyReveal } from "@/components/ui/key-reveal";
import { Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { Track, type TrackStep } from "@/components/ui/track";
import type { NewSecret } from "./new-key";
import { useArrival } from "./arrival";
import { ArrivalStatus } from "./arrival-status";
import { FirstCommands, RevealedCommands, type FirstModels } from "./first-commands";

interface Props {
  project: { id: string; name: string };
  /** The project's key, once there is one; `time` is when it was created, as text and in milliseconds. */
  keyView: { preview: string; time: string; at: number } | null;
  /** Whether the first request has arrived; then `steps` and `children` show it. */
  hasArrived: boolean;
  steps: TrackStep[];
  freeRequests: number;
  /** Whether credits are left for the requests after the free ones. */
  hasCredits: boolean;
  address: string;
  models: FirstModels;
  createKey: FormAction<NewSecret>;
  /** The sum of the first request. */
  children?: ReactNode;
}

/** From no key to the first request, on the overview: create a key, run the command, see the row arrive. */
export function FirstSession(props: Props) {
  const { project, keyView, hasArrived, steps, freeRequests, address, models, createKey } = props;
  const [creation, send, isCreating] = useActionState(createKey, UNSENT_FORM);
  const [dismissedSecret, setDismissedSecret] = useState<string | null>(null);
  const newSecret = creation.result?.secret ?? null;
  const secret = newSecret === dismissedSecret ? null : newSecret;
  const arrival = useArrival(hasArrived ? null : (keyView?.at ?? null), project.id);
  const router = useRouter();
  // The row is drawn by the server. While the key is shown, the page behind it stays as it is.
  useEffect(() => {
    if (arrival && secret === null) router.refresh();
  }, [arrival, secret, router]);
  const isThrough = hasArrived || (arrival !== null && !arrival.failed);
  return (
    <Panel footer={<PanelFooter {...props} />}>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-6 p-2 max-md:p-0">
        <Track label="Your first request" steps={steps} />
        {hasArrived ? (
          <div className="border-t border-line pt-6">{props.children}</div>
        ) : keyView === null ? (
          <>
            <div className="grid gap-1.5 border-t border-line pt-6">
              <h2 className="text-lg font-strong">Create a key, then send your first request</h2>
              <p className="max-w-prose text-muted">
                The key belongs to <strong className="font-medium text-text">{project.name}</strong>
                , which is ready. It works for every model of OpenAI, Anthropic, Google and xAI.
                {freeRequests > 0
                  ? ` ${freeRequests} requests are free, and no card is needed.`
                  : " Requests are charged to your credits."}
              </p>
            </div>
            <form action={send} className="flex flex-wrap items-center gap-x-5 gap-y-3">
              <input type="hidden" name="projectId" value={project.id} />
              <Button
                type="submit"
                variant="primary"
                size="lg"
                busy={isCreating}
                busyLabel="Creating"
              >
                <KeyRound aria-hidden="true" />
                Create key
              </Button>
            </form>
            {creation.errors.form ? (
              <Notice tone="danger" live>
                {creation.errors.form}
              </Notice>
            ) : null}
          </>
        ) : (
          <>
            <div className="grid gap-1.5 border-t border-line pt-6">
              <ArrivalStatus arrival={arrival} />
              <p className="text-muted">
                It appears below a moment after it ends. You can leave this page. Nothing is lost.
              </p>
            </div>
            <FirstCommands address={address} models={models} />
          </>
        )}
      </div>
      <KeyReveal
        secret={secret}
        name={creation.result?.name ?? ""}
        baseUrl={`${address}/v1`}
        isInUse={isThrough}
        status={<ArrivalStatus arrival={arrival} />}
        commands={<RevealedCommands address={address} models={models} secret={secret ?? ""} />}
        onDone={() => setDismissedSecret(secret)}
      />
    </Panel>
  );
}

function PanelFooter({ project, keyView, hasArrived, freeRequests, hasCredits }: Props) {
  if (hasArrived && hasCredits)
    return (
      <>
        <span>
          {freeRequests > 0
            ? `${freeRequests} free requests are used first, then your credits.`
            : "Requests are charged to your credits."}
        </span>
        <Link href="/dashboard/usage" className="link">
          Usage
        </Link>
      </>
    );
  if (hasArrived)
    return (
      <>
        <span>
          {freeRequests > 0
            ? `${freeRequests} free requests are left. They work with every text model.`
            : "No free requests are left."}
        </span>
        <Link href="/dashboard/credits" className="link">
          Add credits
        </Link>
      </>
    );
  if (keyView === null)
    return (
      <span>
        The key is shown once, with a command that runs as it is. OneKey stores only a digest.
      </span>
    );
  return (
    <>
      <span className="wrap-anywhere">
        <code className="font-mono">ONEKEY_API_KEY</code> is the key you copied,{" "}
        <code className="font-mono">{keyView.preview}</code>. Where it is not set, the command says
        so and sends nothing.
      </span>
      <Link href={`/dashboard/projects/${project.id}`} className="link">
        Lost it? Regenerate
      </Link>
    </>
  );
}
