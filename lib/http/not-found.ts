/** What a path below /api that no program knows responds with: JSON, where a page would be of no use. */
export function respondNotFound(): Response {
  return Response.json(
    { error: { message: "There is no such endpoint." } },
    { status: 404, headers: { "cache-control": "no-store" } },
  );
}
