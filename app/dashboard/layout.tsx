import type { ReactNode } from "react";
import { requireAccount } from "@/lib/auth/session";
import { DashboardFrame } from "./frame";

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  return <DashboardFrame account={await requireAccount()}>{children}</DashboardFrame>;
}
