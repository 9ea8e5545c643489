"use client";

import { useActionState } from "react";
import { ActionForm } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { UNSENT_FORM } from "@/components/ui/form-state";
import { Input } from "@/components/ui/input";
import { Panel } from "@/components/ui/panel";
import { saveProfileAction } from "./actions";

export function ProfileForm({ name, email }: { name: string; email: string }) {
  const [state, save, busy] = useActionState(saveProfileAction, UNSENT_FORM);
  return (
    <ActionForm action={save}>
      <Panel
        title="Profile"
        footer={
          <>
            <span role="status">
              {state.result?.notice ?? "Your teams see your name and address."}
            </span>
            <Button type="submit" busy={busy} busyLabel="Saving">
              Save
            </Button>
          </>
        }
      >
        <div className="grid gap-4 md:grid-cols-2">
          <Field label="Name" error={state.errors.name ?? state.errors.form}>
            {(control) => (
              <Input
                {...control}
                name="name"
                defaultValue={name}
                maxLength={200}
                autoComplete="name"
              />
            )}
          </Field>
          <Field
            label="Email"
            help="Signs you in. A new one is confirmed by a link that it gets; the former one gets a notice."
            error={state.errors.email}
          >
            {(control) => (
              <Input
                {...control}
                name="email"
                defaultValue={email}
                maxLength={254}
                inputMode="email"
                autoComplete="email"
                spellCheck={false}
              />
            )}
          </Field>
        </div>
      </Panel>
    </ActionForm>
  );
}
