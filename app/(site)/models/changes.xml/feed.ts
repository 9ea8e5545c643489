import type { CatalogEvent } from "@/lib/catalog/changes";
import { kindNames } from "../changes/events";

interface ChangeFeed {
  /** The public address of this deployment. */
  address: string;
  announced: CatalogEvent[];
  past: CatalogEvent[];
  today: string;
}

/** The changes as an Atom feed (RFC 4287). What is announced is dated today, so that readers show it before it happens. */
export function atomFeed({ address, announced, past, today }: ChangeFeed): string {
  const entries = [...announced, ...past].map((event) =>
    entry(address, event, event.on > today ? today : event.on),
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <title>OneKey: changes of the catalog</title>
  <id>${escape(address)}/models/changes</id>
  <link href="${escape(address)}/models/changes"/>
  <link rel="self" href="${escape(address)}/models/changes.xml"/>
  <author><name>OneKey</name></author>
  <updated>${past[0]?.on ?? today}T00:00:00Z</updated>
${entries.join("\n")}
</feed>
`;
}

function entry(
  address: string,
  { id, on, kind, model, text }: CatalogEvent,
  updated: string,
): string {
  return `  <entry>
    <title>${escape(`${kindNames[kind]}: ${model.name}, ${on}`)}</title>
    <id>${escape(`${address}/models/changes#${id}`)}</id>
    <link href="${escape(`${address}/models/${model.id}`)}"/>
    <updated>${updated}T00:00:00Z</updated>
    <summary>${escape(text)}</summary>
  </entry>`;
}

const escape = (text: string) =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
