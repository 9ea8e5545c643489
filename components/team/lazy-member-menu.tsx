"use client";

import { Ellipsis } from "lucide-react";
import { lazy, type ComponentProps } from "react";
import { Button } from "@/components/ui/button";
import { InBrowser } from "@/components/ui/in-browser";

const MemberMenu = lazy(() =>
  import("./member-menu").then((module) => ({ default: module.MemberMenu })),
);

/** What can be done with a member, loaded after the page's first view. */
export function LazyMemberMenu(props: ComponentProps<typeof MemberMenu>) {
  return (
    <InBrowser
      fallback={
        <Button
          variant="ghost"
          size="sm"
          icon
          disabled
          aria-label={`Actions for ${props.member.name}`}
          className="noscript:hidden"
        >
          <Ellipsis aria-hidden="true" />
        </Button>
      }
    >
      <MemberMenu {...props} />
    </InBrowser>
  );
}
