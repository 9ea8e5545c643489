"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { UNSENT_FORM, type FormAction } from "@/components/ui/form-state";
import { Input, Textarea } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { NewKey, type NewSecret } from "./new-key";

const SCOPES = [
  ["read", "Read: everything but secrets"],
  ["keys", "Keys: create, rotate, revoke; projects"],
  ["limits", "Limits: of account, projects, keys"],
  ["members", "Members: invite, change roles, remove"],
  ["webhooks", "Webhooks: add, change, test, delete endpoints"],
] as const;

interface Props {
  action: FormAction<NewSecret>;
  baseUrl: string;
}

/** Creates a management key and shows it once. Input stays in the form when it is rejected. */
export function ManagementKeyForm({ action, baseUrl }: Props) {
  const [state, send, isPending] = useActionState(action, UNSENT_FORM);
  const { errors, entered: input } = state;
  const scopes = [input?.scopes ?? []].flat();
  return (
    <>
      <form action={send} key={input && JSON.stringify(input)} className="grid gap-5">
        <Field label="Name" help="Shown in the audit log as who did it." error={errors.name}>
          {(control) => (
            <Input
              {...control}
              name="name"
              autoComplete="off"
              required
              defaultValue={input?.name ?? ""}
            />
          )}
        </Field>
        <fieldset className="grid gap-1.5">
          <legend className="mb-1.5 text-sm/4 font-medium">Scopes</legend>
          {SCOPES.map(([scope, text]) => (
            <Checkbox
              key={scope}
              name="scopes"
              value={scope}
              defaultChecked={scopes.includes(scope)}
            >
              {text}
            </Checkbox>
          ))}
          {errors.scopes ? <Notice tone="danger">{errors.scopes}</Notice> : null}
        </fieldset>
        <Field label="Expires" error={errors.expires}>
          {(control) => (
            <select
              {...control}
              name="expires"
              defaultValue={String(input?.expires ?? "never")}
              className="h-control w-full rounded-md border border-line-control bg-bg px-2.5 text-base [&>option]:bg-popup"
            >
              <option value="never">Never</option>
              <option value="90">In 90 days</option>
              <option value="365">In a year</option>
            </select>
          )}
        </Field>
        <Field
          label="Client addresses"
          help="One address or range a line. Empty: any address."
          error={errors.addresses}
        >
          {(control) => (
            <Textarea
              {...control}
              name="addresses"
              rows={2}
              spellCheck={false}
              className="font-mono text-sm"
              defaultValue={String(input?.addresses ?? "")}
            />
          )}
        </Field>
        {errors.form ? <Notice tone="danger">{errors.form}</Notice> : null}
        <span>
          <Button type="submit" variant="primary" busy={isPending} busyLabel="Creating">
            Create key
          </Button>
        </span>
      </form>
      <NewKey
        state={state}
        baseUrl={baseUrl}
        variables={{ url: "ONEKEY_MANAGEMENT_URL", key: "ONEKEY_MANAGEMENT_KEY" }}
      />
    </>
  );
}
