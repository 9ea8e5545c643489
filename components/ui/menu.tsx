"use client";

import { CSPProvider } from "@base-ui/react/csp-provider";
import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { cn } from "@/lib/cn";

interface Props {
  /** The button that opens it. */
  trigger: ReactElement;
  /** For a button that shows only an icon, and for the list itself. */
  label: string;
  align?: "start" | "end";
  className?: string;
  children: ReactNode;
}

/** A menu of actions: Enter, Space and Arrow down open it, arrows and letters move, Esc closes it and returns the focus. */
export function Menu({ trigger, label, align = "end", className, children }: Props) {
  return (
    <CSPProvider disableStyleElements>
      <Base.Root modal={false}>
        <Base.Trigger render={trigger} aria-label={label} />
        <Base.Portal>
          <Base.Positioner sideOffset={4} align={align} className="z-20">
            <Base.Popup
              aria-label={label}
              className={cn(
                "max-h-(--available-height) min-w-56 overflow-y-auto rounded-lg border border-line bg-popup p-1 shadow-popup transition-[opacity,translate] duration-normal outline-none data-ending-style:opacity-0 data-starting-style:-translate-y-1 data-starting-style:opacity-0",
                className,
              )}
            >
              {children}
            </Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      </Base.Root>
    </CSPProvider>
  );
}

const itemStyle =
  "flex min-h-8 w-full items-center gap-2 rounded-sm px-2 py-1.5 text-left text-sm outline-none select-none data-highlighted:bg-hover data-disabled:text-muted max-md:min-h-10 [&_svg]:size-4 [&_svg]:flex-none [&_svg]:stroke-[1.75] [&_svg]:text-muted";

interface ItemProps {
  icon?: ReactNode;
  /** A second line, such as why the item cannot be chosen. */
  note?: ReactNode;
  danger?: boolean;
  children: ReactNode;
}

export function MenuItem({
  icon,
  note,
  danger = false,
  isDisabled = false,
  onClick,
  children,
}: ItemProps & { isDisabled?: boolean; onClick: () => void }) {
  return (
    <Base.Item
      disabled={isDisabled}
      onClick={onClick}
      className={cn(itemStyle, danger && !isDisabled && "text-danger [&_svg]:text-danger")}
    >
      <Content icon={icon} note={note}>
        {children}
      </Content>
    </Base.Item>
  );
}

/** An item that is a link. */
export function MenuLink({ icon, note, link, children }: ItemProps & { link: ReactElement }) {
  return (
    <Base.LinkItem closeOnClick render={link} className={itemStyle}>
      <Content icon={icon} note={note}>
        {children}
      </Content>
    </Base.LinkItem>
  );
}

/** A link to one of several places, of which one is the present one. */
export function MenuPlace({
  icon,
  note,
  link,
  isCurrent,
  children,
}: ItemProps & { link: ReactElement; isCurrent: boolean }) {
  return (
    <Base.LinkItem
      closeOnClick
      render={link}
      aria-current={isCurrent ? "true" : undefined}
      className={itemStyle}
    >
      <Content icon={icon} note={note}>
        {children}
      </Content>
      {isCurrent ? <Check aria-hidden="true" className="text-accent!" /> : null}
    </Base.LinkItem>
  );
}

function Content({ icon, note, children }: Pick<ItemProps, "icon" | "note" | "children">) {
  return (
    <>
      {icon}
      <span className="min-w-0 flex-1 wrap-anywhere">
        {children}
        {note === undefined ? null : <small className="block text-xs text-muted">{note}</small>}
      </span>
    </>
  );
}

export const MenuSeparator = () => <Base.Separator className="-mx-1 my-1 border-t border-line" />;

/** Facts at the top of a menu, which are no items. */
export const MenuHead = ({ children }: { children: ReactNode }) => (
  <div className="border-b border-line px-2 pt-1 pb-2 text-xs text-muted">{children}</div>
);
