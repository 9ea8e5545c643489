import { canServe } from "@/lib/instances/heartbeat";

export const dynamic = "force-dynamic";

/**
 * Ready means that the database responds, so that a request can be admitted. `/api/health` only says that the process
 * runs.
 */
export async function GET(): Promise<Response> {
  const ready = await canServe();
  return Response.json(
    { status: ready ? "ready" : "database unreachable" },
    { status: ready ? 200 : 503, headers: { "cache-control": "no-store" } },
  );
}
