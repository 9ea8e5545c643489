import type { ReactNode } from "react";
import { isOperator } from "@/lib/auth/operator";
import { requireMember } from "@/lib/auth/member";
import { DashboardFrame } from "./frame";

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const member = await requireMember("usage:view");
  const operator = isOperator({ ...member.account, email: member.user.email });
  return (
    <DashboardFrame member={member} operator={operator}>
      {children}
    </DashboardFrame>
  );
}
