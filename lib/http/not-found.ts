/** The response of a path below /api that no route serves: JSON, because programs call these paths. */
export function respondNotFound(): Response {
  return Response.json(
    { error: { message: "There is no such endpoint." } },
    { status: 404, headers: { "cache-control": "no-store" } },
  );
}
