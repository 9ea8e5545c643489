import { waitForEndedHold } from "@/lib/accounts/ended-holds";
import { hasOpenHold } from "@/lib/accounts/queries";
import type { Account, Project } from "@/lib/accounts/schema";
import { AppError } from "@/lib/errors";
import { findRow } from "@/lib/usage/queries";
import type { UsageRow } from "@/lib/usage/schema";
import type { ClientConnection } from "../exchange";

/** How long a row is waited for while its request is in flight, in milliseconds. */
const WAIT_MS = 5_000;
/** How often the database is asked for a settlement of another instance. */
const LOOK_MS = 250;

/**
 * The usage row of a request of a project. While the request holds credits its row is waited for, for up to 5 seconds. Throws
 * not_found for a request that does not exist, is another project's, or is still in flight after that time.
 */
export async function findSettledRow({
  account,
  project,
  requestId,
  client,
}: {
  account: Account;
  project: Project;
  requestId: string;
  client: ClientConnection;
}): Promise<UsageRow> {
  const until = performance.now() + WAIT_MS;
  const hold = { accountId: account._id, projectId: project.id, requestId };
  for (;;) {
    // The row is written before its hold is removed, so the hold is looked for first.
    const isOpen = await hasOpenHold(hold);
    const row = await findRow({ projectId: project.id, requestId });
    if (row) return row;
    if (!isOpen) throw new AppError("not_found", "There is no such request.");
    const leftMs = until - performance.now();
    if (leftMs <= 0 || client.aborted) throw stillInFlight();
    await waitForEndedHold(account._id, Math.min(LOOK_MS, leftMs));
  }
}

const stillInFlight = () =>
  new AppError(
    "not_found",
    "This request is still in flight. Its usage row is there when it has ended.",
    { reason: "in_flight", headers: { "retry-after": "5", "x-should-retry": "true" } },
  );
