import { Link } from "@/components/ui/link";
import { buttonStyle } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { formatCount } from "@/lib/format";
import type { RowPage } from "@/lib/usage/rows";
import type { UsageRow } from "@/lib/usage/schema";
import { RequestTable } from "./request-table";
import { addressOf, placeOf, placeText, type UsageSearch } from "./search";

interface Props {
  title: string;
  total: number;
  page: RowPage;
  search: UsageSearch;
  projectName: (id: string) => string;
  keyName: (id: string) => string;
}

/** One page of rows, with links to newer and older ones. */
export function Requests({ title, total, page, search, projectName, keyName }: Props) {
  const { rows, hasNewer, hasOlder } = page;
  const first = firstNumber(search, rows.length);
  const last = first + rows.length - 1;
  const [newest, oldest] = [rows.at(0), rows.at(-1)];
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <header className="flex min-h-7 items-center justify-between gap-3">
        <h2 className="text-base">{title}</h2>
        <p className="text-sm text-muted tabular-nums">{`${formatCount(total)} in this range`}</p>
      </header>
      {newest === undefined || oldest === undefined ? (
        <Empty title="No request matches">
          Rows appear here a moment after a request ends. Choose other days, or reset project, model
          and ending.
        </Empty>
      ) : (
        <>
          <RequestTable rows={rows} projectName={projectName} keyName={keyName} />
          <nav
            aria-label="Pages"
            className="flex items-center justify-between gap-3 text-sm text-muted"
          >
            <span className="tabular-nums">
              {formatCount(first)} to {formatCount(last)} of {formatCount(Math.max(total, last))}
            </span>
            <span className="flex gap-2">
              <Turn
                label="Newer"
                to={hasNewer ? { ...search, before: undefined, after: place(newest, first) } : null}
              />
              <Turn
                label="Older"
                to={hasOlder ? { ...search, after: undefined, before: place(oldest, last) } : null}
              />
            </span>
          </nav>
        </>
      )}
    </section>
  );
}

const place = (row: UsageRow, number: number) => placeText({ number, at: row.at, id: row._id });

/** The number of the page's first row, from the cursor in the URL. Newer rows are not counted. */
function firstNumber({ before, after }: UsageSearch, count: number): number {
  const [above, below] = [placeOf(before), placeOf(after)];
  if (above) return above.number + 1;
  return below ? Math.max(1, below.number - count) : 1;
}

function Turn({ label, to }: { label: string; to: UsageSearch | null }) {
  const style = buttonStyle({ size: "sm" });
  if (to === null) {
    return (
      <span aria-disabled="true" className={style}>
        {label}
      </span>
    );
  }
  return (
    <Link href={addressOf(to)} scroll={false} prefetch={false} className={style}>
      {label}
    </Link>
  );
}
