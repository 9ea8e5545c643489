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
  children?: ReactNode;
  /** Only the switch is seen, such as in a table; the title is its name. */
  isCompact?: boolean;
  isOn: boolean;
  /** Whether the role may change it. */
  canManage: boolean;
}

/** A setting that is saved when its switch is pressed. When that fails, it goes back and says why. */
export function SettingSwitch({
  action,
  setting,
  title,
  children,
  isCompact = false,
  isOn,
  canManage,
}: Props) {
  const [{ errors }, send, isPending] = useActionState(action, UNSENT_FORM);
  const id = useId();
  return (
    <ActionForm
      action={send}
      className={
        isCompact
          ? "grid justify-items-end gap-1"
          : "grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-5 gap-y-1"
      }
    >
      <input type="hidden" name="setting" value={setting} />
      <label htmlFor={id} className={isCompact ? "sr-only" : "max-md:py-1"}>
        {title}
      </label>
      <Switch
        id={id}
        name="on"
        disabled={!canManage}
        aria-describedby={isCompact ? undefined : `${id}-text`}
        aria-busy={isPending || undefined}
        checked={isPending ? !isOn : isOn}
        onChange={(event) => (isPending ? undefined : event.currentTarget.form?.requestSubmit())}
      />
      {isCompact ? null : (
        <p id={`${id}-text`} className="text-sm text-muted">
          {children}
        </p>
      )}
      <Button
        type="submit"
        size="sm"
        className={`hidden noscript:inline-flex ${isCompact ? "" : "col-start-2 row-start-2"}`}
      >
        Save
      </Button>
      {errors.form ? (
        <Notice tone="danger" live className={isCompact ? undefined : "col-span-2"}>
          {errors.form}
        </Notice>
      ) : null}
    </ActionForm>
  );
}
