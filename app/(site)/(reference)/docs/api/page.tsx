import Link from "next/link";
import {
  costHeaders,
  errorHeaders,
  rateLimitHeaders,
  retryHeaders,
} from "@/app/openapi.json/headers";
import { metadataOf, docsPages } from "@/app/(site)/docs/pages";
import { MarkdownLinks } from "@/app/(site)/docs/docs-page";
import { Verb } from "@/components/site/reference-navigation";
import { ErrorTable, Fields, Part } from "./parts";
import { listedOperations } from "./reference";

export const metadata = metadataOf("/docs/api");

const keyPlaces = [
  ["Authorization", "header", "`Bearer` and the key, as OpenAI's SDKs send it."],
  ["x-api-key", "header", "The key, as Anthropic's SDKs send it."],
  ["x-goog-api-key", "header", "The key, as Google's SDKs send it."],
  ["key", "query", "The key in the address. It is never logged and never forwarded."],
];

export default function ApiPage() {
  const page = docsPages.find(({ path }) => path === "/docs/api");
  return (
    <article className="grid max-w-176 min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-5 text-[0.9375rem]/6">
      <h1 className="text-xl font-strong">API reference</h1>
      <p className="text-[1.0625rem]/6.75 text-muted">{page?.description}</p>
      <MarkdownLinks path="/docs/api" />
      <p>
        The same as a file:{" "}
        <Link href="/openapi.json" prefetch={false} className="link">
          /openapi.json
        </Link>{" "}
        (OpenAPI 3.1). It is generated from the gateway’s own table of endpoints and tested against
        the running gateway.
      </p>
      <Part id="auth" title="Authentication">
        <p>
          Each request needs the key of a project, in one of these places. Keys begin with{" "}
          <code className="font-mono">sk-onekey-</code>. An invalid key is refused before the body
          is read. Paths below <code className="font-mono">/v1/manage</code> take a management key
          instead, in <code className="font-mono">Authorization</code>.
        </p>
        <Fields
          fields={keyPlaces.map(([name = "", type = "", description = ""]) => ({
            name,
            type,
            required: false,
            description,
          }))}
        />
      </Part>
      <Part id="headers" title="Headers">
        <p>OneKey adds these headers to responses. The provider’s own pass through by a list.</p>
        <Fields fields={fieldsOfHeaders({ ...errorHeaders, ...costHeaders, ...retryHeaders })} />
      </Part>
      <Part id="errors" title="Errors">
        <p>
          An error has the form of the dialect you called. A provider’s own error passes through
          unchanged.{" "}
          <Link href="/docs/errors" className="link">
            More about errors
          </Link>
        </p>
        <ErrorTable />
      </Part>
      <Part id="limits" title="Rate limits">
        <p>
          An account has a limit of requests a minute and of requests in flight. The account, a
          project and a key may also limit requests and tokens a minute, and credits by day, week,
          month and in total. Above a limit that resets the response is a 429 with{" "}
          <code className="font-mono">retry-after</code>. A provider’s own rate limit is a 429 with
          the wait that it states.{" "}
          <Link href="/docs/limits" className="link">
            All limits
          </Link>
        </p>
        <Fields fields={fieldsOfHeaders(rateLimitHeaders)} />
      </Part>
      <Part id="endpoints" title="Endpoints">
        <ul className="grid border-t border-line">
          {listedOperations.map(({ slug, method, path, summary }) => (
            <li key={slug}>
              <Link
                href={`/docs/api/${slug}`}
                prefetch={false}
                className="grid gap-x-4 border-b border-line py-2 text-sm transition-colors hover:bg-quiet md:grid-cols-[minmax(0,5fr)_minmax(0,7fr)]"
              >
                <span className="font-medium">{summary}</span>
                <span className="flex items-baseline gap-2 text-muted">
                  <Verb method={method} />
                  <code className="font-mono text-xs wrap-anywhere">{path}</code>
                </span>
              </Link>
            </li>
          ))}
        </ul>
      </Part>
    </article>
  );
}

const fieldsOfHeaders = (headers: typeof errorHeaders) =>
  Object.entries(headers).map(([name, { description, schema }]) => ({
    name,
    type: schema.type,
    required: false,
    description,
  }));
