import { Link } from "@/components/ui/link";
import { buttonStyle } from "@/components/ui/button";
import { urlTeamId } from "@/lib/auth/member";

export default async function NotFound() {
  const isTeamPage = (await urlTeamId()) !== null;
  return (
    <div className="grid min-h-[50vh] content-center justify-items-start gap-3">
      <p className="font-mono text-sm text-muted">404</p>
      <h1 className="text-lg font-strong">There is nothing at this address</h1>
      <p className="max-w-prose text-muted">
        It was deleted, it never existed, or it belongs to another account.
        {isTeamPage ? " You may no longer be a member of this team." : null}
      </p>
      <Link href="/dashboard" className={buttonStyle({ className: "mt-2" })}>
        Go to the overview
      </Link>
    </div>
  );
}
