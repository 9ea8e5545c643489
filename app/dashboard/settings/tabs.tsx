import { Link } from "@/components/ui/link";
import { cn } from "@/lib/cn";

const PLACES = [
  ["/dashboard/settings", "General"],
  ["/dashboard/settings/limits", "Limits"],
  ["/dashboard/settings/webhooks", "Webhooks"],
  ["/dashboard/settings/management-keys", "Management keys"],
  ["/dashboard/settings/audit-log", "Audit log"],
] as const;

/** The pages of the settings. */
export function SettingsTabs({ current }: { current: (typeof PLACES)[number][0] }) {
  return (
    <nav
      aria-label="Settings"
      className="no-scrollbar flex gap-5 overflow-x-auto border-b border-line"
    >
      {PLACES.map(([href, name]) => (
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
