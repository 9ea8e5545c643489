/** One entry of a feed; `html` may have markup, the other texts may not. */
export type FeedEntry = { id: string; url: string; title: string; updated: Date; html: string };

interface AtomFeed {
  title: string;
  /** Where the entries can be read. */
  url: string;
  /** Where the feed itself is. */
  self: string;
  entries: FeedEntry[];
}

/** An Atom feed (RFC 4287). Without entries it was updated when OneKey began. */
export function atomFeed({ title, url, self, entries }: AtomFeed): string {
  const newest = Math.max(0, ...entries.map(({ updated }) => updated.getTime()));
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <title>${escapeXml(title)}</title>
  <id>${escapeXml(self)}</id>
  <link href="${escapeXml(url)}"/>
  <link rel="self" type="application/atom+xml" href="${escapeXml(self)}"/>
  <updated>${new Date(newest).toISOString()}</updated>
  <author><name>OneKey</name></author>
${entries.map(entryOf).join("\n")}
</feed>
`;
}

function entryOf({ id, url, title, updated, html }: FeedEntry): string {
  return `  <entry>
    <title>${escapeXml(title)}</title>
    <id>${escapeXml(id)}</id>
    <link href="${escapeXml(url)}"/>
    <updated>${updated.toISOString()}</updated>
    <content type="html">${escapeXml(html)}</content>
  </entry>`;
}

/** A text between tags or in an attribute of XML or HTML. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The response of a feed, which readers may keep for five minutes. */
export const feedResponse = (feed: string): Response =>
  new Response(feed, {
    headers: {
      "content-type": "application/atom+xml; charset=utf-8",
      "cache-control": "public, max-age=300",
    },
  });
