import type { SearchSection } from "@/components/palette/entries";
import { fieldsOf, referenceOf, shapeOf, successOf } from "./reference";

/** The reference's entries in the search index: endpoints, and the fields of OneKey's own objects. */
export function referenceSections(document: Record<string, unknown>): SearchSection[] {
  const { operations, schemas } = referenceOf(document);
  const endpoints = operations.map(
    ({ slug, method, path, summary, description }): SearchSection => ({
      page: "API reference",
      kind: "endpoint",
      title: summary,
      text: `${method} ${path} ${description.replaceAll("`", "")}`,
      note: `${method} ${path}`,
      href: `/docs/api/${slug}`,
    }),
  );
  const fields = operations
    .filter(({ operationId }) => operationId === "getUsage" || operationId === "getCredits")
    .flatMap((operation) => {
      const { slug, path } = operation;
      const shape = shapeOf(successOf(operation));
      return fieldsOf((shape && schemas[shape]) || {}).map(
        ({ name, description }): SearchSection => ({
          page: "API reference",
          kind: "endpoint",
          title: name,
          text: description.replaceAll("`", ""),
          note: `GET ${path}`,
          href: `/docs/api/${slug}#response`,
        }),
      );
    });
  const page = (title: string, text: string, anchor: string): SearchSection => ({
    page: "API reference",
    kind: "endpoint",
    title,
    text,
    note: "",
    href: `/docs/api#${anchor}`,
  });
  return [
    page(
      "Authentication",
      "A project key in Authorization, x-api-key, x-goog-api-key or key",
      "auth",
    ),
    page("Headers", "x-onekey-request-id, x-ratelimit, retry-after", "headers"),
    page("Errors", "Statuses, codes and what to do", "errors"),
    page(
      "Rate limits",
      "Requests and tokens a minute, credits a day, week and month, 429, Retry-After",
      "limits",
    ),
    ...endpoints,
    ...fields,
  ];
}
