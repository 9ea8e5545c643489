"use client";

import { useActionState, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { UNSENT_FORM, type FormAction } from "@/components/ui/form-state";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";

interface Props {
  on: boolean;
  /** In dollars, as the form shows them. */
  values: { threshold: string; amount: string; monthlyMax: string };
  save: FormAction;
  stop: () => Promise<void>;
}

const fields = [
  { name: "threshold", label: "When below" },
  { name: "amount", label: "Buy" },
  { name: "monthlyMax", label: "Monthly maximum" },
] as const;

/** Turns automatic top-up on or off and changes it. The input is kept when the server rejects it. */
export function TopUpForm({ on, values, save, stop }: Props) {
  const [state, submit, busy] = useActionState(save, UNSENT_FORM);
  const [inputs, setTyped] = useState(values);
  return (
    <div className="grid gap-4">
      <form
        action={submit}
        noValidate
        id="top-up-form"
        className="grid grid-cols-3 gap-3 max-md:grid-cols-1"
      >
        {fields.map(({ name, label }) => (
          <Field key={name} label={label} error={state.errors[name]}>
            {(control) => (
              <Input
                {...control}
                name={name}
                before="$"
                inputMode="decimal"
                autoComplete="off"
                className="tabular-nums"
                value={inputs[name]}
                onChange={(event) => setTyped({ ...inputs, [name]: event.target.value })}
              />
            )}
          </Field>
        ))}
      </form>
      {state.errors.form ? (
        <Notice tone="danger" live>
          {state.errors.form}
        </Notice>
      ) : null}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" form="top-up-form" busy={busy} busyLabel="Saving">
          {on ? "Save" : "Turn on"}
        </Button>
        {on ? (
          <form action={stop}>
            <Button type="submit" variant="ghost">
              Turn off
            </Button>
          </form>
        ) : null}
      </div>
    </div>
  );
}
