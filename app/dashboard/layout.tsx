import type { ReactNode } from "react";
import { requireAccount } from "@/lib/auth/session";

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  await requireAccount();
  return <main id="main">{children}</main>;
}
