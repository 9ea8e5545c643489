import type { ReactNode } from "react";
import { DashboardFrame } from "@/app/dashboard/frame";
import { requireOperator } from "@/lib/auth/operator";

/**
 * Separate from the dashboard layout, whose redirect to sign-in would reveal that these pages exist. Pages and layouts
 * render concurrently, so each page requires the operator too.
 */
export default async function OperatorLayout({ children }: { children: ReactNode }) {
  const account = await requireOperator();
  return (
    <DashboardFrame account={account} email={account.email} operator>
      {children}
    </DashboardFrame>
  );
}
