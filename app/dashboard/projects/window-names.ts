import type { CapWindow } from "@/lib/accounts/schema";
import { formatMonth } from "@/lib/format";

/** A limit's window as a page names it: "Today", "November", "Tokens a minute". */
export function windowName(window: CapWindow, now: number): string {
  switch (window) {
    case "requests":
      return "Requests a minute";
    case "tokens":
      return "Tokens a minute";
    case "day":
      return "Today";
    case "week":
      return "This week";
    case "month":
      return `${formatMonth(new Date(now))} spend`;
    case "total":
      return "In total";
  }
}
