import type { ReactNode } from "react";
import { isOperator } from "@/lib/auth/operator";
import { requireMember } from "@/lib/auth/member";
import { DashboardFrame } from "./frame";

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const { account, user } = await requireMember("usage:view");
  const operator = isOperator({ ...account, email: user.email });
  return (
    <DashboardFrame account={account} email={user.email} operator={operator}>
      {children}
    </DashboardFrame>
  );
}
