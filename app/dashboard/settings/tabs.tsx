import { Link } from "@/components/ui/link";
import { cn } from "@/lib/cn";
import type { Role } from "@/lib/teams/schema";
import { placesOf } from "../role-places";

const PLACES = [
  ["/dashboard/settings", "General"],
  ["/dashboard/settings/team", "Team"],
  ["/dashboard/settings/limits", "Limits"],
  ["/dashboard/settings/webhooks", "Webhooks"],
  ["/dashboard/settings/management-keys", "Management keys"],
  ["/dashboard/settings/audit-log", "Audit log"],
] as const;

/** The pages of the settings that a role may open. */
export function SettingsTabs({
  current,
  viewerRole,
}: {
  current: (typeof PLACES)[number][0];
  viewerRole: Role;
}) {
  const hrefs = placesOf(viewerRole);
  return (
    <nav
      aria-label="Settings"
      className="no-scrollbar flex gap-5 overflow-x-auto border-b border-line"
    >
      {PLACES.filter(([href]) => hrefs.includes(href)).map(([href, name]) => (
        <Link
          key={href}
          href={href}
          prefetch={false}
          aria-current={href === current ? "page" : undefined}
          className={cn(
            "-mb-px border-b-2 border-transparent py-2 font-medium whitespace-nowrap text-muted hover:text-text",
            "aria-[current]:border-text aria-[current]:text-text focus-visible:-outline-offset-2",
          )}
        >
          {name}
        </Link>
      ))}
    </nav>
  );
}
