"use client";

import { Link } from "@/components/ui/link";
import { useActionState, useEffect, useRef } from "react";
import { Button, buttonStyle } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { UNSENT_FORM, type FormAction } from "@/components/ui/form-state";
import { Textarea } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { LimitFields, type LimitTexts } from "./limit-fields";
import { ModelChoice, type ModelGroup } from "./model-choice";

interface Props {
  action: FormAction;
  projectId: string;
  /** As the form's own fields: text, and the ids of the selected models. */
  values: {
    limits: LimitTexts;
    addresses: string;
    origins: string;
    models: string[];
    priceGuard: boolean;
  };
  /** What is used of each limit now: "$50.87 is charged or held". */
  notes: LimitTexts;
  /** The day on which the price guard was set; null when it is off. */
  guardDay: string | null;
  groups: ModelGroup[];
}

/** Edits the limits of a project. An empty field sets no limit; input stays in the form when it is rejected. */
export function LimitsForm({ action, projectId, values, notes, guardDay, groups }: Props) {
  const [{ errors, entered: input }, send, pending] = useActionState(action, UNSENT_FORM);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [errors]);
  const selectedModels = input ? [input.models ?? []].flat() : values.models;
  return (
    <form
      ref={form}
      action={send}
      key={input && JSON.stringify(input)}
      className="grid max-w-2xl grid-cols-[minmax(0,1fr)] gap-6"
    >
      <input type="hidden" name="projectId" value={projectId} />
      <LimitFields values={values.limits} input={input} errors={errors} notes={notes} />
      <Field
        label="Client addresses"
        help="One a line: an address such as 203.0.113.7, or a range such as 203.0.113.0/24. Empty: any address."
        error={errors.addresses}
      >
        {(control) => (
          <Textarea
            {...control}
            name="addresses"
            rows={3}
            spellCheck={false}
            className="font-mono text-sm"
            defaultValue={String(input?.addresses ?? values.addresses)}
          />
        )}
      </Field>
      <Field
        label="Websites"
        help="One a line: an origin such as https://app.example.com, whose scripts may use the key. Empty: any website. Requests of programs that are no browser are not affected."
        error={errors.origins}
      >
        {(control) => (
          <Textarea
            {...control}
            name="origins"
            rows={2}
            spellCheck={false}
            className="font-mono text-sm"
            defaultValue={String(input?.origins ?? values.origins)}
          />
        )}
      </Field>
      <div className="grid gap-1.5">
        <Checkbox
          name="priceGuard"
          value="on"
          defaultChecked={input ? input.priceGuard === "on" : values.priceGuard}
        >
          Price guard
        </Checkbox>
        <p className="text-sm text-muted">
          {guardDay === null
            ? "Rejects a request with 402 when its model costs more than on the day you turn this on."
            : `Set on ${guardDay}: a request whose model costs more than on that day is rejected with 402. To accept today’s prices, turn it off, save, and turn it on again.`}
        </p>
      </div>
      <ModelChoice
        groups={groups}
        selected={selectedModels}
        error={errors.models}
        help="Without a selection all models are allowed, including models added later."
      />
      {errors.form ? (
        <Notice tone="danger" live>
          {errors.form}
        </Notice>
      ) : null}
      <span className="flex flex-wrap items-center gap-2">
        <Button type="submit" variant="primary" busy={pending} busyLabel="Saving">
          Save limits
        </Button>
        <Link
          href={`/dashboard/projects/${projectId}`}
          className={buttonStyle({ variant: "ghost" })}
        >
          Cancel
        </Link>
      </span>
    </form>
  );
}
