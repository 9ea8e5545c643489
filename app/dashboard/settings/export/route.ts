import { download } from "@/lib/http/download";
import { auditedByPerson } from "../../audited";
import { serveDownload } from "../../serve-download";
import { everythingOf } from "../everything";

export const GET = (): Promise<Response> =>
  serveDownload({ permission: "account:manage", page: "/dashboard/settings" }, async (member) => {
    await auditedByPerson(member, "account.exported", async () => undefined);
    return download({
      pieces: everythingOf(member),
      type: "application/json",
      name: "onekey-account.json",
    });
  });
