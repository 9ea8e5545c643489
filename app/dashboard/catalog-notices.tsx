import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { listNotices } from "@/lib/catalog/notices/queries";
import { DismissNotices } from "./dismiss-notices";

/** Retirements and price increases of models that the account used, until dismissed. */
export async function CatalogNotices({ accountId }: { accountId: string }) {
  const notices = await listNotices(accountId);
  if (notices.length === 0) return null;
  return (
    <Notice tone="warning">
      <ul className="grid gap-1">
        {notices.map(({ _id, text, model }) => (
          <li key={_id}>
            {text}{" "}
            <Link href={`/models/${model}`} prefetch={false} className="link">
              {model}
            </Link>
          </li>
        ))}
      </ul>
      <DismissNotices ids={notices.map(({ _id }) => _id)} />
    </Notice>
  );
}
