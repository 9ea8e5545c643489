"use client";

import { Button } from "@/components/ui/button";

/** Opens Cookiebot's dialogue again, to change or withdraw consent. */
export function CookieSettings() {
  return (
    <Button className="w-fit noscript:hidden" onClick={() => window.Cookiebot?.renew?.()}>
      Change your choice
    </Button>
  );
}
