import Link from "next/link";
import { Notice } from "@/components/ui/notice";
import { listNotices } from "@/lib/catalog/notices/queries";
import { DismissNotices } from "./dismiss-notices";

/** What ends, or costs more, of what the account used: until it is dismissed. */
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
