"use client";

import { Ban, Ellipsis, RotateCw } from "lucide-react";
import { useState, type ComponentProps, type ReactNode } from "react";
import { Button } from "@/components/ui/button";
import type { FormAction } from "@/components/ui/form-state";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { ConfirmKey } from "./confirm-key";
import { RotateKey } from "./rotate-key";

interface Props {
  rotate: Omit<ComponentProps<typeof RotateKey>, "control">;
  revoke: FormAction;
  /** What revoking does, in the order in which it happens. */
  consequence: string;
  /** Links of the menu. */
  children?: ReactNode;
}

/** What can be done with a key: rotate it, and a menu with the rest. On phones everything is in the menu. */
export function KeyActions({ rotate, revoke, consequence, children }: Props) {
  const [dialog, setDialog] = useState<"rotate" | "revoke" | null>(null);
  const controlOf = (name: "rotate" | "revoke") => ({
    isOpen: dialog === name,
    setOpen: (isOpen: boolean) => setDialog(isOpen ? name : null),
  });
  const { id, name } = rotate.rotated;
  return (
    <span className="inline-flex flex-wrap items-center justify-end gap-0.5">
      <RotateKey {...rotate} control={controlOf("rotate")} />
      <Menu
        label={`Actions for ${name}`}
        trigger={
          <Button variant="ghost" size="sm" icon className="noscript:hidden">
            <Ellipsis aria-hidden="true" />
          </Button>
        }
      >
        {children}
        <MenuItem icon={<RotateCw aria-hidden="true" />} onClick={() => setDialog("rotate")}>
          Rotate
        </MenuItem>
        <MenuSeparator />
        <MenuItem danger icon={<Ban aria-hidden="true" />} onClick={() => setDialog("revoke")}>
          Revoke
        </MenuItem>
      </Menu>
      <ConfirmKey
        action={revoke}
        keyId={id}
        label="Revoke"
        title={`Revoke ${name}?`}
        consequence={consequence}
        confirm="Revoke key"
        busyLabel="Revoking"
        control={controlOf("revoke")}
      />
    </span>
  );
}
