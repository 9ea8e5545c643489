import { Rss } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { Prose } from "@/app/(site)/(reference)/docs/api/parts";
import { DashList } from "@/components/site/doc";
import { PageHead, SitePage } from "@/components/site/page";
import { Badge } from "@/components/ui/badge";
import { buttonStyle } from "@/components/ui/button";
import { SegmentedLinks } from "@/components/ui/segmented-links";
import { formatDay } from "@/lib/format";
import { changelog, EntryFilter, type ChangelogEntry } from "./entries";
import { PriceLines } from "./price-lines";

export const metadata: Metadata = {
  title: "Changelog",
  description: "What changed in OneKey and in its catalog of models and prices.",
  alternates: {
    canonical: "/changelog",
    types: {
      "application/atom+xml": [{ url: "/changelog/feed.xml", title: "OneKey changelog" }],
      "application/feed+json": [{ url: "/changelog/feed.json", title: "OneKey changelog" }],
    },
  },
};

const names: Record<EntryFilter, string> = {
  all: "All",
  product: "Product",
  api: "API",
  catalog: "Catalog",
  fixes: "Fixes",
};
const PAGE = 30;

export default async function ChangelogPage({ searchParams }: PageProps<"/changelog">) {
  const { show: showParam, page: wantedPage } = await searchParams;
  const show = EntryFilter.catch("all").parse(showParam);
  const entries = await changelog(show);
  const pages = Math.max(1, Math.ceil(entries.length / PAGE));
  const page = Math.min(pages, Math.max(1, Number.parseInt(String(wantedPage), 10) || 1));
  const query = show === "all" ? "" : `?show=${show}`;
  return (
    <SitePage>
      <div className="wrap">
        <PageHead title="Changelog">
          What changed in OneKey and in the catalog, with the day from which it holds. Prices are in
          US dollars per million tokens, the providers’ own.
        </PageHead>
        <div className="flex flex-wrap items-center justify-between gap-2 pb-7">
          <SegmentedLinks
            label="Show"
            options={EntryFilter.options.map((option) => ({
              href: option === "all" ? "/changelog" : `/changelog?show=${option}`,
              label: names[option],
              current: option === show,
            }))}
          />
          <span className="flex flex-wrap gap-2">
            <Link
              href={`/changelog/feed.xml${query}`}
              prefetch={false}
              className={buttonStyle({ variant: "secondary" })}
            >
              <Rss aria-hidden="true" />
              Atom feed
            </Link>
            <Link
              href={`/changelog/feed.json${query}`}
              prefetch={false}
              className={buttonStyle({ variant: "ghost" })}
            >
              JSON
            </Link>
          </span>
        </div>
        {entries.length === 0 ? (
          <p className="border-t border-line py-8 text-muted">Nothing of this kind yet.</p>
        ) : null}
        <div>
          {entries.slice((page - 1) * PAGE, page * PAGE).map((entry) => (
            <Entry key={entry.id} entry={entry} ahead={isAhead(entry)} />
          ))}
        </div>
        <p className="flex justify-between border-t border-line py-8 pb-24 text-base">
          {page > 1 ? (
            <Link href={addressOf(show, page - 1)} className="link">
              Later
            </Link>
          ) : (
            <span />
          )}
          {page < pages ? (
            <Link href={addressOf(show, page + 1)} className="link">
              Earlier
            </Link>
          ) : null}
        </p>
      </div>
    </SitePage>
  );
}

function addressOf(show: EntryFilter, page: number): string {
  const query = new URLSearchParams({
    ...(show === "all" ? {} : { show }),
    ...(page === 1 ? {} : { page: String(page) }),
  });
  return query.size === 0 ? "/changelog" : `/changelog?${query}`;
}

const tones = {
  Product: "line",
  Change: "line",
  API: "line",
  Fix: "line",
  "New model": "accent",
  "Price change": "accent",
  Retirement: "warning",
} as const;

const isAhead = ({ at }: ChangelogEntry): boolean => at.getTime() > Date.now();

function Entry({ entry, ahead }: { entry: ChangelogEntry; ahead: boolean }) {
  const { id, kind, at, title, text, items, prices } = entry;
  return (
    <article
      id={id}
      className="grid scroll-mt-20 gap-x-8 gap-y-2 border-t border-line py-8 md:grid-cols-[176px_minmax(0,1fr)]"
    >
      <div className="grid content-start justify-items-start gap-1.5 self-start text-base md:sticky md:top-21">
        <a href={`#${id}`} className="font-medium hover:underline hover:underline-offset-3">
          {ahead ? `From ${formatDay(at)}` : formatDay(at)}
        </a>
        <Badge tone={ahead ? "warning" : tones[kind]}>{kind}</Badge>
      </div>
      <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-3">
        <h2 className="text-[1.375rem]/7 font-strong tracking-[-0.022em]">{title}</h2>
        {text === undefined ? null : <p className="max-w-prose">{text}</p>}
        {items === undefined ? null : (
          <DashList
            items={items.map((item) => (
              <Prose key={item} text={item} />
            ))}
          />
        )}
        {prices === undefined ? null : <PriceLines prices={prices} />}
      </div>
    </article>
  );
}
