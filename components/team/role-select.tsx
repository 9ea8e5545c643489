"use client";

import { useActionState, useRef } from "react";
import { ActionForm } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { UNSENT_FORM, type FormAction } from "@/components/ui/form-state";
import { NativeSelect } from "@/components/ui/native-select";
import { Role } from "@/lib/teams/schema";
import { ROLE_NAMES } from "./role-words";

interface Props {
  member: { userId: string; name: string; role: Role };
  /** Whether the signed-in person may make somebody an owner. */
  canNameOwners: boolean;
  /** Gets `userId`, `role`, and `formerRole`, which it is changed from. */
  changeRole: FormAction<{ formerRole: Role }>;
}

/** Changes the role of a member as soon as it is chosen, and offers to undo that. */
export function RoleSelect({ member, canNameOwners, changeRole }: Props) {
  const { userId, name, role } = member;
  const [state, send, isPending] = useActionState(changeRole, UNSENT_FORM);
  const undo = useRef<HTMLFormElement>(null);
  const { formerRole } = state.result ?? {};
  const roles = Role.options.filter((option) => option !== "owner" || canNameOwners);
  return (
    <div className="grid justify-items-start gap-1">
      <ActionForm
        action={send}
        key={role}
        onChange={(event) => event.currentTarget.requestSubmit()}
        className="flex gap-2"
      >
        <input type="hidden" name="userId" value={userId} />
        <input type="hidden" name="formerRole" value={role} />
        <NativeSelect
          label={`Role of ${name}`}
          icon={<span />}
          name="role"
          size="sm"
          value={role}
          options={roles.map((option) => ({ value: option, label: ROLE_NAMES[option] }))}
        />
        <Button type="submit" size="sm" className="hidden noscript:inline-flex">
          Save
        </Button>
      </ActionForm>
      <span role="status" className="text-xs text-muted empty:hidden">
        {isPending ? (
          "Saving"
        ) : formerRole !== undefined && formerRole !== role ? (
          <>
            Saved.{" "}
            <button
              type="button"
              className="link"
              onClick={() => undo.current?.requestSubmit()}
              aria-label={`Undo: make ${name} ${ROLE_NAMES[formerRole].toLowerCase()} again`}
            >
              Undo
            </button>
          </>
        ) : null}
      </span>
      {formerRole === undefined ? null : (
        <ActionForm ref={undo} action={send} className="hidden">
          <input type="hidden" name="userId" value={userId} />
          <input type="hidden" name="formerRole" value={role} />
          <input type="hidden" name="role" value={formerRole} />
        </ActionForm>
      )}
      {state.errors.role || state.errors.form ? (
        <p role="alert" className="max-w-50 text-xs text-danger">
          {state.errors.role ?? state.errors.form}
        </p>
      ) : null}
    </div>
  );
}
