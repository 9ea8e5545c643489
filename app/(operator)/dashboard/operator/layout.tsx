import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { DashboardFrame } from "@/app/dashboard/frame";
import { requireOperator } from "@/lib/auth/operator";
import { currentUser } from "@/lib/auth/session";

/**
 * Separate from the dashboard layout, whose redirect to sign-in would reveal that these pages exist. Pages and layouts
 * render concurrently, so each page requires the operator too.
 */
export default async function OperatorLayout({ children }: { children: ReactNode }) {
  const account = await requireOperator();
  const user = (await currentUser()) ?? notFound();
  return (
    <DashboardFrame member={{ account, user, role: "owner" }} operator>
      {children}
    </DashboardFrame>
  );
}
