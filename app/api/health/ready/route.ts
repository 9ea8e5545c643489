import { canServe } from "@/lib/instances/heartbeat";

export const dynamic = "force-dynamic";

/** Ready: the database answers, so that a request could be admitted. `/api/health` alone says that the process lives. */
export async function GET(): Promise<Response> {
  const ready = await canServe();
  return Response.json(
    { status: ready ? "ready" : "database unreachable" },
    { status: ready ? 200 : 503, headers: { "cache-control": "no-store" } },
  );
}
