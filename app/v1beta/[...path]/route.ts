import { handleWeb } from "@/lib/gateway/adapters/web";

export const dynamic = "force-dynamic";
export {
  handleWeb as DELETE,
  handleWeb as GET,
  handleWeb as HEAD,
  handleWeb as OPTIONS,
  handleWeb as PATCH,
  handleWeb as POST,
  handleWeb as PUT,
};
