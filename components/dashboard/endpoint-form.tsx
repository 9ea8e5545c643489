"use client";

import { CircleAlert } from "lucide-react";
import { useActionState, useEffect, useId, useRef, useState, type ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { UNSENT_FORM, type FormAction, type FormState } from "@/components/ui/form-state";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { SecretReveal, type IssuedSecret } from "./secret-reveal";

export interface EventGroup {
  title: string;
  events: string[];
}

/** What the form holds at first; without an endpoint it adds one. */
export interface EndpointValues {
  endpointId: string;
  url: string;
  events: string[];
}

interface Props {
  action: FormAction<IssuedSecret> | FormAction;
  groups: EventGroup[];
  values?: EndpointValues;
  label: ReactNode;
  variant?: "primary" | "secondary" | "ghost";
  size?: "sm" | "md";
}

/** A button that opens the form of an endpoint, and shows the signing secret of a new one. Input stays when it is rejected. */
export function EndpointForm({ action, groups, values, label, variant, size }: Props) {
  const [state, send, isPending] = useActionState(action, UNSENT_FORM);
  const [isOpen, setOpen] = useState(false);
  const [seenResult, setSeenResult] = useState<unknown>(undefined);
  const formId = useId();
  const first = useRef<HTMLInputElement>(null);
  // A result closes the dialog.
  if (state.result !== seenResult) {
    setSeenResult(state.result);
    setOpen(false);
  }
  const submitLabel = values ? "Save" : "Add endpoint";
  const fields = (
    <EndpointFields state={state} groups={groups} values={values} firstField={first} />
  );
  return (
    <>
      <Button
        variant={variant ?? "secondary"}
        size={size ?? "md"}
        onClick={() => setOpen(true)}
        className="noscript:hidden"
      >
        {label}
      </Button>
      <details className="hidden max-w-md text-left noscript:block">
        <summary>{label}</summary>
        <form action={send} className="mt-2 grid justify-items-start gap-4">
          {fields}
          <Button type="submit">{submitLabel}</Button>
        </form>
      </details>
      <Dialog
        open={isOpen}
        onOpenChange={setOpen}
        initialFocus={first}
        title={values ? "Edit endpoint" : "Add endpoint"}
        footerStart={<span className="text-sm text-muted">No event contains request content.</span>}
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button
              type="submit"
              form={formId}
              variant="primary"
              busy={isPending}
              busyLabel={values ? "Saving" : "Adding"}
            >
              {submitLabel}
            </Button>
          </>
        }
      >
        <form
          id={formId}
          action={send}
          key={state.entered && JSON.stringify(state.entered)}
          className="grid gap-4"
        >
          {fields}
        </form>
      </Dialog>
      {values ? null : (
        <SecretReveal
          state={state as FormState<IssuedSecret>}
          text="Set it at your server, which checks each delivery with it. It is shown once. If you lose it, rotate it."
        />
      )}
    </>
  );
}

function EndpointFields({
  state: { errors, entered: input },
  groups,
  values,
  firstField,
}: {
  state: FormState;
  groups: EventGroup[];
  values: EndpointValues | undefined;
  firstField: React.RefObject<HTMLInputElement | null>;
}) {
  const selectedEvents = input ? [input.events ?? []].flat() : (values?.events ?? []);
  useEffect(() => {
    if (errors.url !== undefined) firstField.current?.focus();
  }, [errors, firstField]);
  return (
    <>
      {values ? <input type="hidden" name="endpointId" value={values.endpointId} /> : null}
      {errors.form === undefined ? null : <Notice tone="danger">{errors.form}</Notice>}
      <Field label="URL" error={errors.url}>
        {(control) => (
          <Input
            {...control}
            ref={firstField}
            name="url"
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            placeholder="https://example.com/webhooks/onekey"
            defaultValue={String(input?.url ?? values?.url ?? "")}
            className="font-mono text-sm"
          />
        )}
      </Field>
      <div className="grid gap-3">
        <h3 className="text-base">Events</h3>
        {errors.events === undefined ? null : (
          <p role="alert" className="flex gap-1.5 text-sm text-danger">
            <CircleAlert aria-hidden="true" className="mt-0.5 size-4 stroke-[1.75]" />
            {errors.events}
          </p>
        )}
        <div className="grid grid-cols-3 gap-x-3 gap-y-4 max-md:grid-cols-2">
          {groups.map(({ title, events }) => (
            <fieldset key={title} className="grid content-start gap-[3px]">
              <legend className="mb-1.5 text-sm/4 font-medium">{title}</legend>
              {events.map((event) => (
                <Checkbox
                  key={event}
                  name="events"
                  value={event}
                  defaultChecked={selectedEvents.includes(event)}
                  className="text-sm"
                >
                  <code className="font-mono wrap-anywhere">{event}</code>
                </Checkbox>
              ))}
            </fieldset>
          ))}
        </div>
      </div>
    </>
  );
}
