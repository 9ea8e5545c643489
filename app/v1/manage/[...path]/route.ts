import { serveManagement } from "@/lib/management/serve";

export const dynamic = "force-dynamic";
export {
  serveManagement as DELETE,
  serveManagement as GET,
  serveManagement as PATCH,
  serveManagement as POST,
  serveManagement as PUT,
};
