import type { Metadata } from "next";
import { Chat } from "@/components/assistant/chat";
import { PageHeader } from "@/components/dashboard/page-header";
import { Empty } from "@/components/ui/empty";
import { assistantSettings } from "@/lib/assistant/settings";
import { requireMember } from "@/lib/auth/member";

export const metadata: Metadata = { title: "Assistant" };

export default async function AssistantPage() {
  await requireMember("usage:view", "/dashboard/assistant");
  if (assistantSettings()) return <Chat />;
  return (
    <>
      <PageHeader title="Assistant" />
      <Empty title="The assistant is not set up on this server">
        It answers questions about your balance, usage and prices once the operator has set a key
        for Anthropic. The other dashboard pages show the same data.
      </Empty>
    </>
  );
}
