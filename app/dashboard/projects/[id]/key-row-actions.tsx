import { ChartColumn, Gauge } from "lucide-react";
import { Link } from "@/components/ui/link";
import { KeyActions } from "@/components/dashboard/key-actions";
import { MenuLink } from "@/components/ui/menu";
import { overlapEnds } from "../../overlaps";
import { revokeKeyAction, rotateKeyAction } from "../key-actions";
import { requestsText, type KeyRow } from "../project";

/** Edits, rotates or revokes a key, or shows its usage. */
export function KeyRowActions({
  row,
  now,
  baseUrl,
}: {
  row: KeyRow;
  now: number;
  baseUrl: string;
}) {
  const { key, live, lastHour } = row;
  const preview = live.at(-1)?.preview ?? "";
  const use = `${requestsText(lastHour)} used it in the last hour.`;
  const page = `/dashboard/projects/${key.projectId}/keys/${key._id}`;
  return (
    <KeyActions
      rotate={{
        rotated: { id: key._id, name: key.name, preview, lastHour: use },
        baseUrl,
        ends: overlapEnds(now),
        rotateKey: rotateKeyAction,
      }}
      revoke={revokeKeyAction}
      consequence={`Requests with ${preview} are refused from the moment you press Revoke. ${use} Requests in flight finish and are charged. This cannot be undone.`}
    >
      <MenuLink icon={<Gauge aria-hidden="true" />} link={<Link href={page} prefetch={false} />}>
        Name, limits and access
      </MenuLink>
      <MenuLink
        icon={<ChartColumn aria-hidden="true" />}
        link={<Link href={`/dashboard/usage?key=${key._id}`} prefetch={false} />}
      >
        Usage of this key
      </MenuLink>
    </KeyActions>
  );
}
