import { Link } from "@/components/ui/link";
import { FirstCommands } from "@/components/dashboard/first-commands";
import { Empty } from "@/components/ui/empty";
import type { Account } from "@/lib/accounts/schema";
import { listKeys } from "@/lib/keys/queries";
import { formatCount, formatShortDay } from "@/lib/format";
import type { UsagePeriod, UsageRange } from "@/lib/usage/period";
import { publicAddress } from "../../public-address";
import { firstModels } from "../first-models";

interface Props {
  account: Account;
  range: UsageRange;
  period: UsagePeriod;
  /** Whether the account has rows of other days. */
  hasOtherRows: boolean;
}

/** What will appear here, and the command that sends a request. */
export async function FirstRequest({ account, range, period, hasOtherRows }: Props) {
  const address = await publicAddress();
  const state = (await listKeys({ account })).find(({ live }) => live.length > 0);
  const project = account.projects.find(({ id }) => id === state?.key.projectId);
  const { requests } = account.free;
  return (
    <div className="rounded-lg border border-line max-md:px-4">
      <Empty
        title={
          !hasOtherRows
            ? "No requests yet"
            : range === "hour"
              ? "No requests in the last hour"
              : `No requests from ${formatShortDay(period.from)} to ${formatShortDay(period.to)}`
        }
        action={
          project === undefined ? undefined : (
            <FirstCommands address={address} models={firstModels(project)} />
          )
        }
      >
        {project === undefined ? (
          <>
            <Link href="/dashboard" className="link">
              Create a key
            </Link>{" "}
            and send a request with it. Its row appears here a moment later.
          </>
        ) : (
          <>
            Send one with the key of{" "}
            <strong className="font-medium text-text">{project.name}</strong>. Its row appears here
            a moment later.
          </>
        )}
        {requests > 0
          ? ` You have ${formatCount(requests)} free ${requests === 1 ? "request" : "requests"}.`
          : ""}
      </Empty>
    </div>
  );
}
