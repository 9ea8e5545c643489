import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { FREE_REQUESTS, type Account } from "@/lib/accounts/schema";
import { env } from "@/lib/env";
import { formatCount } from "@/lib/format";

type WithholdReason = NonNullable<Account["freeWithheld"]>;

/**
 * Why an account started without free requests, and when it gets them. Empty once it has them or has bought credits.
 */
export function FreeWithheld({ account }: { account: Account }) {
  const { freeWithheld: reason, seq, email } = account;
  if (reason === undefined || (reason === "earlier" && seq > 0)) return null;
  return (
    <Notice>
      {reasonText({ reason, email })}{" "}
      {reason === "earlier"
        ? null
        : `You get ${FREE_REQUESTS} free requests with your first purchase. `}
      <Link href="/dashboard/credits" prefetch={false} className="link">
        Add credits
      </Link>
    </Notice>
  );
}

function reasonText({ reason, email }: { reason: WithholdReason; email: string }): string {
  const { network, domain } = env().freeGrantsMax;
  const accounts = (count: number) =>
    `${formatCount(count)} new ${count === 1 ? "account" : "accounts"} a day`;
  switch (reason) {
    case "network":
      return `This account started without free requests, because only ${accounts(network)} from one network can have them, and that number was reached.`;
    case "domain":
      return `This account started without free requests, because only ${accounts(domain)} with an email address at ${email.split("@")[1] ?? ""} can have them.`;
    case "day":
      return "This account started without free requests, because all free requests of that day had been granted.";
    case "earlier":
      return "This account has no free requests, because an earlier account of yours received them. They are granted once per person.";
  }
}
