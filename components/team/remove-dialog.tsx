"use client";

import { useActionState } from "react";
import { Checkbox } from "@/components/ui/checkbox";
import { UNSENT_FORM } from "@/components/ui/form-state";
import { ActionDialog, Consequences } from "./action-dialog";
import type { MemberActions, MemberView } from "./members";
import { RotatedKeys } from "./rotated-keys";

/** What removing a member, or leaving, means; then the new secrets of their keys, where they were rotated. */
export function RemoveDialog({
  open: isOpen,
  onClose,
  member,
  teamName,
  remove,
}: {
  open: boolean;
  onClose: () => void;
  member: MemberView;
  teamName: string;
  remove: MemberActions["remove"];
}) {
  const [state, send, isPending] = useActionState(remove, UNSENT_FORM);
  const { userId, name, isSelf, keys } = member;
  const verb = isSelf ? "Leave" : "Remove";
  const keyNames = keys.map((key) => key.name).join(", ");
  const newKeys = state.result?.keys ?? [];
  if (newKeys.length > 0) return <RotatedKeys keys={newKeys} />;
  return (
    <ActionDialog
      open={isOpen}
      onClose={onClose}
      title={isSelf ? `Leave ${teamName}?` : `Remove ${name} from ${teamName}?`}
      text={`From the moment you press ${verb}:`}
      action={send}
      isPending={isPending}
      error={state.errors.form}
      fields={{ userId }}
      confirm={verb}
      busyLabel={isSelf ? "Leaving" : "Removing"}
    >
      <Consequences
        items={[
          isSelf
            ? `You lose ${teamName} in every browser. Only an invitation brings you back.`
            : `Every browser in which ${name} is signed in loses ${teamName}: the next page opened there is refused.`,
          keys.length === 0
            ? `${isSelf ? "You have" : `${name} has`} created no key that is in use.`
            : `${keys.length === 1 ? "One key" : `${keys.length} keys`} that ${isSelf ? "you" : name} created (${keyNames}) keep working and show “${name}, left the team”. ${isSelf ? "" : "Rotate them if copies may have been kept."}`,
          `${isSelf ? "Your" : "Their"} personal account is not affected.`,
        ]}
      />
      {isSelf || keys.length === 0 ? null : (
        <Checkbox name="rotates">
          Rotate {keys.length === 1 ? "the key" : keys.length === 2 ? "both keys" : "all of them"}{" "}
          with 24 hours of overlap
        </Checkbox>
      )}
    </ActionDialog>
  );
}
