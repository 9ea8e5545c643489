import { respondNotFound } from "@/lib/http/not-found";

export const dynamic = "force-dynamic";
export {
  respondNotFound as DELETE,
  respondNotFound as GET,
  respondNotFound as PATCH,
  respondNotFound as POST,
  respondNotFound as PUT,
};
