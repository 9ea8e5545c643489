import { Empty } from "@/components/ui/empty";
import { CodeBlock } from "@/components/ui/code-block";
import type { Account } from "@/lib/accounts/schema";
import { listKeys } from "@/lib/keys/queries";
import { formatCount, formatShortDay } from "@/lib/format";
import type { UsagePeriod } from "@/lib/usage/period";
import { publicAddress } from "../../public-address";

/** What will appear here, and the command that sends a first request. */
export async function FirstRequest({ account, period }: { account: Account; period: UsagePeriod }) {
  const address = await publicAddress();
  const state = (await listKeys({ account })).find(({ live }) => live.length > 0);
  const project = account.projects.find(({ id }) => id === state?.key.projectId);
  const key = state?.live.at(-1)?.preview ?? "$ONEKEY_API_KEY";
  const { requests } = account.free;
  const command = `curl ${address}/v1/chat/completions \\
  -H "Authorization: Bearer ${key}" \\
  -H "Content-Type: application/json" \\
  -d '{"model":"claude-haiku-5-5",
       "messages":[{"role":"user","content":"Hello"}]}'`;
  return (
    <div className="rounded-lg border border-line max-md:px-4">
      <Empty
        title={`No requests from ${formatShortDay(period.from)} to ${formatShortDay(period.to)}`}
        action={<CodeBlock name="curl" copy={command} />}
      >
        {project === undefined ? (
          "Create a key for a project and send a request with it.  "
        ) : (
          <>
            Send one with the key of{" "}
            <strong className="font-medium text-text">{project.name}</strong>, and{" "}
          </>
        )}
        its row appears here a moment later.
        {requests > 0
          ? ` You have ${formatCount(requests)} free ${requests === 1 ? "request" : "requests"}.`
          : ""}
      </Empty>
    </div>
  );
}
