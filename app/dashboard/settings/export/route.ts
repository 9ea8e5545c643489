import { requireAccount } from "@/lib/auth/session";
import { download } from "@/lib/http/download";
import { auditedByPerson } from "../../audited";
import { everythingOf } from "../everything";

export async function GET(): Promise<Response> {
  const account = await requireAccount("/dashboard/settings");
  await auditedByPerson(account, "account.exported", async () => undefined);
  return download({
    pieces: everythingOf(account),
    type: "application/json",
    name: "onekey-account.json",
  });
}
