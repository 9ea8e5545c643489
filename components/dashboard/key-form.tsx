"use client";

import { useDashboardPath } from "@/components/ui/account-context";
import { Link } from "@/components/ui/link";
import { useRouter } from "next/navigation";
import { useActionState, useEffect, useRef } from "react";
import { Button, buttonStyle } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { UNSENT_FORM, type FormAction } from "@/components/ui/form-state";
import { Input, Textarea } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { LimitFields, type LimitTexts } from "./limit-fields";
import { ModelChoice, type ModelGroup } from "./model-choice";
import { NewKey, type NewSecret } from "./new-key";

export interface KeyValues {
  name: string;
  addresses: string;
  models: string[];
  limits: LimitTexts;
  /** "21 Feb 2027, 23:59 UTC"; null for a key without an end, undefined for a new one. */
  expiry?: string | null;
}

interface Props {
  action: FormAction<NewSecret> | FormAction;
  /** The hidden field that says what the form is about. */
  target: { name: "projectId" | "keyId"; value: string };
  values: KeyValues;
  groups: ModelGroup[];
  /** The limits of the project, which apply as well. */
  notes: LimitTexts;
  back: string;
  baseUrl: string;
  submit: string;
}

const PERIODS = [
  ["never", "Never"],
  ["30", "In 30 days"],
  ["90", "In 90 days"],
  ["365", "In a year"],
  ["date", "On the day below"],
] as const;

/** Names a key and sets its expiry, models and addresses. Input stays in the form when it is rejected. */
export function KeyForm({ action, target, values, groups, notes, back, baseUrl, submit }: Props) {
  const [state, send, isPending] = useActionState(action as FormAction<NewSecret>, UNSENT_FORM);
  const { errors, entered: input } = state;
  const router = useRouter();
  const path = useDashboardPath();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [errors]);
  const isNew = values.expiry === undefined;
  const selectedModels = input ? [input.models ?? []].flat() : values.models;
  return (
    <>
      <form
        ref={form}
        action={send}
        key={input && JSON.stringify(input)}
        className="grid max-w-2xl grid-cols-[minmax(0,1fr)] gap-6"
      >
        <input type="hidden" name={target.name} value={target.value} />
        <Field
          label="Name"
          help="1 to 64 characters, shown in usage and in the audit log."
          error={errors.name}
        >
          {(control) => (
            <Input
              {...control}
              name="name"
              autoComplete="off"
              required
              defaultValue={input?.name ?? values.name}
            />
          )}
        </Field>
        <div className="grid grid-cols-2 gap-6 max-md:grid-cols-1">
          <Field
            label="Expires"
            help="A key stops working at the end of that day, in UTC."
            error={errors.expires}
          >
            {(control) => (
              <select
                {...control}
                name="expires"
                defaultValue={String(input?.expires ?? (isNew ? "never" : "keep"))}
                className="h-control w-full rounded-md border border-line-control bg-bg px-2.5 text-base [&>option]:bg-popup"
              >
                {isNew ? null : (
                  <option value="keep">
                    {values.expiry === null ? "Never, as now" : `${values.expiry}, as now`}
                  </option>
                )}
                {PERIODS.filter(
                  ([value]) => isNew || values.expiry !== null || value !== "never",
                ).map(([value, name]) => (
                  <option key={value} value={value}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label="Day" help="Only for an expiry on a day of your own." error={errors.day}>
            {(control) => (
              <Input {...control} type="date" name="day" defaultValue={input?.day ?? ""} />
            )}
          </Field>
        </div>
        <Field
          label="Client addresses"
          help="One a line: an address such as 203.0.113.7, or a range such as 203.0.113.0/24. Empty: any address that the project allows."
          error={errors.addresses}
        >
          {(control) => (
            <Textarea
              {...control}
              name="addresses"
              rows={3}
              spellCheck={false}
              className="font-mono text-sm"
              defaultValue={input?.addresses ?? values.addresses}
            />
          )}
        </Field>
        <LimitFields values={values.limits} input={input} errors={errors} notes={notes} />
        <ModelChoice
          groups={groups}
          selected={selectedModels}
          error={errors.models}
          help="Without a selection the key may call all models of the project."
        />
        {errors.form ? (
          <Notice tone="danger" live>
            {errors.form}
          </Notice>
        ) : null}
        <span className="flex flex-wrap items-center gap-2">
          <Button type="submit" variant="primary" busy={isPending} busyLabel="Saving">
            {submit}
          </Button>
          <Link href={back} className={buttonStyle()}>
            Cancel
          </Link>
        </span>
      </form>
      <NewKey state={state} baseUrl={baseUrl} onDone={() => router.push(path(back))} />
    </>
  );
}
