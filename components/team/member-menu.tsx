"use client";

import { Crown, LogOut, Ellipsis, UserMinus } from "lucide-react";
import { useActionState, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { UNSENT_FORM, type FormAction } from "@/components/ui/form-state";
import { Input } from "@/components/ui/input";
import { Menu, MenuHead, MenuItem } from "@/components/ui/menu";
import { ActionDialog } from "./action-dialog";
import type { MemberActions, MemberView } from "./members";
import { RemoveDialog } from "./remove-dialog";

interface Props {
  member: MemberView;
  teamName: string;
  /** What the signed-in person may do with this member. */
  may: { remove: boolean; leave: boolean; transfer: boolean };
  /** Why leaving is not possible, such as for the last owner. */
  staysBecause?: string | undefined;
  /** Everybody else, for a transfer. */
  others: Pick<MemberView, "userId" | "name" | "email">[];
  actions: MemberActions;
}

/** What can be done with a member. Each choice shows its consequences first. */
export function MemberMenu({ member, teamName, may, staysBecause, others, actions }: Props) {
  const [dialog, setDialog] = useState<"remove" | "leave" | "transfer" | null>(null);
  const close = () => setDialog(null);
  const { name, isSelf } = member;
  return (
    <>
      <Menu
        label={`Actions for ${name}`}
        trigger={
          <Button variant="ghost" size="sm" icon className="noscript:hidden">
            <Ellipsis aria-hidden="true" />
          </Button>
        }
      >
        <div className="md:hidden">
          <MenuHead>
            Joined {member.joined}
            <br />
            Last active {member.lastActive}
            <br />
            Keys created {member.keys.length}
          </MenuHead>
        </div>
        {may.transfer ? (
          <MenuItem icon={<Crown aria-hidden="true" />} onClick={() => setDialog("transfer")}>
            Transfer ownership
          </MenuItem>
        ) : null}
        {may.remove ? (
          <MenuItem
            danger
            icon={<UserMinus aria-hidden="true" />}
            onClick={() => setDialog("remove")}
          >
            Remove from {teamName}
          </MenuItem>
        ) : null}
        {isSelf ? (
          <MenuItem
            danger
            isDisabled={!may.leave}
            note={staysBecause}
            icon={<LogOut aria-hidden="true" />}
            onClick={() => setDialog("leave")}
          >
            Leave {teamName}
          </MenuItem>
        ) : null}
      </Menu>
      <RemoveDialog
        open={dialog === "remove"}
        onClose={close}
        member={member}
        teamName={teamName}
        remove={actions.remove}
      />
      <RemoveDialog
        open={dialog === "leave"}
        onClose={close}
        member={member}
        teamName={teamName}
        remove={actions.leave}
      />
      {may.transfer ? (
        <TransferDialog
          open={dialog === "transfer"}
          onClose={close}
          teamName={teamName}
          others={others}
          transfer={actions.transfer}
        />
      ) : null}
    </>
  );
}

function TransferDialog({
  open: isOpen,
  onClose,
  teamName,
  others,
  transfer,
}: {
  open: boolean;
  onClose: () => void;
  teamName: string;
  others: Props["others"];
  transfer: FormAction;
}) {
  const [state, send, isPending] = useActionState(transfer, UNSENT_FORM);
  const [typed, setTyped] = useState("");
  const [newOwner, setNewOwner] = useState(others[0]?.userId ?? "");
  const selected = others.find(({ userId }) => userId === newOwner);
  return (
    <ActionDialog
      open={isOpen}
      onClose={onClose}
      title={`Transfer ownership of ${teamName}`}
      text="The new owner decides about members, deletion and further transfers. You become an admin, and cannot take it back."
      action={send}
      isPending={isPending}
      error={state.errors.form}
      fields={{}}
      confirm={`Transfer to ${selected?.name ?? ""}`}
      busyLabel="Transferring"
      isReady={typed.trim() === teamName}
    >
      <Field label="New owner" help="Members only." error={state.errors.userId}>
        {(control) => (
          <select
            {...control}
            name="userId"
            value={newOwner}
            onChange={(event) => setNewOwner(event.target.value)}
            className="h-control w-full rounded-md border border-line-control bg-bg px-2.5 text-base [&>option]:bg-popup"
          >
            {others.map(({ userId, name, email }) => (
              <option key={userId} value={userId}>
                {name === email ? name : `${name}, ${email}`}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={`Type ${teamName} to confirm`} error={state.errors.confirm}>
        {(control) => (
          <Input
            {...control}
            name="confirm"
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
      </Field>
    </ActionDialog>
  );
}
