import type { ReactNode } from "react";
import { DashboardFrame } from "@/app/dashboard/frame";
import { requireOperator } from "@/lib/auth/operator";

/**
 * Apart from the dashboard's own layout, which would send a visitor to sign in and so tell that there is something here.
 * Pages and layouts render side by side: each page asks for the operator itself as well.
 */
export default async function OperatorLayout({ children }: { children: ReactNode }) {
  return <DashboardFrame account={await requireOperator()}>{children}</DashboardFrame>;
}
