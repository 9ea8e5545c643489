/** Facts of a page for search engines. It is data and no script, so no policy applies to it. */
export function JsonLd({ data }: { data: Record<string, unknown> }) {
  const text = JSON.stringify(data).replaceAll("<", "\\u003c");
  // oxlint-disable-next-line react/no-danger -- no "<" is left that could end the element
  return <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: text }} />;
}
