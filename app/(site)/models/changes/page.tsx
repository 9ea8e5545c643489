import type { Metadata } from "next";
import Link from "next/link";
import { connection } from "next/server";
import { PageHead, SitePage } from "@/components/site/page";
import { Rows } from "@/components/site/rows";
import type { CatalogEvent } from "@/lib/catalog/changes";
import { formatDay } from "@/lib/format";
import { changes, kindNames } from "./events";

export const metadata: Metadata = {
  title: "Changes of the catalog",
  description: "New models, prices that change, and models that end, with their days.",
  alternates: {
    canonical: "/models/changes",
    types: { "application/atom+xml": "/models/changes.xml" },
  },
};

export default async function ChangesPage() {
  await connection();
  const { announced, past } = changes();
  return (
    <SitePage current="models">
      <div className="wrap pb-24">
        <PageHead title="Changes of the catalog">
          New models, prices that change, and models that end. A price counts from midnight UTC of
          its day, for requests that start after it. Also as a{" "}
          <Link href="/models/changes.xml" prefetch={false} className="link">
            feed
          </Link>
          .
        </PageHead>
        <div className="grid grid-cols-[minmax(0,1fr)] gap-14">
          <Events title="Announced" events={announced} emptyText="Nothing is announced." />
          <Events title="The last 180 days" events={past} emptyText="Nothing has changed." />
        </div>
      </div>
    </SitePage>
  );
}

function Events({
  title,
  events,
  emptyText,
}: {
  title: string;
  events: CatalogEvent[];
  emptyText: string;
}) {
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <h2 className="text-xl font-strong">{title}</h2>
      {events.length === 0 ? (
        <p className="text-muted">{emptyText}</p>
      ) : (
        <Rows
          caption={title}
          heads={["Day", "Model", "What", "Change"]}
          rows={events.map(({ id, on, kind, model, text }) => [
            formatDay(new Date(on)),
            <Link
              key={id}
              href={`/models/${model.id}`}
              prefetch={false}
              className="link font-mono text-sm"
            >
              {model.id}
            </Link>,
            kindNames[kind],
            text,
          ])}
        />
      )}
    </section>
  );
}
