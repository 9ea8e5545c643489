import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

const tones = {
  neutral: { frame: "border-line bg-quiet", icon: "text-muted", Icon: Info },
  warning: {
    frame: "border-transparent bg-warning-quiet",
    icon: "text-warning",
    Icon: TriangleAlert,
  },
  danger: { frame: "border-transparent bg-danger-quiet", icon: "text-danger", Icon: CircleAlert },
};

interface Props {
  tone?: keyof typeof tones;
  /** For a notice that appears after the page has loaded. */
  live?: boolean;
  className?: string;
  children: ReactNode;
}

/** States a fact and what to do next. */
export function Notice({ tone = "neutral", live = false, className, children }: Props) {
  const { frame, icon, Icon } = tones[tone];
  return (
    <div
      role={live ? (tone === "danger" ? "alert" : "status") : undefined}
      className={cn("flex gap-2.5 rounded-md border px-3 py-2.5 text-sm", frame, className)}
    >
      <Icon aria-hidden="true" className={cn("mt-0.5 size-4 stroke-[1.75]", icon)} />
      <div className="min-w-0">{children}</div>
    </div>
  );
}
