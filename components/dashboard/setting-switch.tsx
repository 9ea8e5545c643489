"use client";

import { useActionState, useId, type ReactNode } from "react";
import { ActionForm } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { UNSENT_FORM, type FormAction } from "@/components/ui/form-state";
import { Notice } from "@/components/ui/notice";
import { Switch } from "@/components/ui/switch";

interface Props {
  /** Gets `setting`, and `on` when it is to be switched on. */
  action: FormAction;
  setting: string;
  title: string;
  children: ReactNode;
  isOn: boolean;
  /** Whether the role may change it. */
  canManage: boolean;
}

/** A setting that is saved when its switch is pressed. When that fails, it goes back and says why. */
export function SettingSwitch({ action, setting, title, children, isOn, canManage }: Props) {
  const [{ errors }, send, isPending] = useActionState(action, UNSENT_FORM);
  const id = useId();
  return (
    <ActionForm
      action={send}
      className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-5 gap-y-1"
    >
      <input type="hidden" name="setting" value={setting} />
      <label htmlFor={id} className="max-md:py-1">
        {title}
      </label>
      <Switch
        id={id}
        name="on"
        disabled={!canManage}
        aria-describedby={`${id}-text`}
        aria-busy={isPending || undefined}
        checked={isPending ? !isOn : isOn}
        onChange={(event) => (isPending ? undefined : event.currentTarget.form?.requestSubmit())}
      />
      <p id={`${id}-text`} className="text-sm text-muted">
        {children}
      </p>
      <Button
        type="submit"
        size="sm"
        className="col-start-2 row-start-2 hidden noscript:inline-flex"
      >
        Save
      </Button>
      {errors.form ? (
        <Notice tone="danger" live className="col-span-2">
          {errors.form}
        </Notice>
      ) : null}
    </ActionForm>
  );
}
