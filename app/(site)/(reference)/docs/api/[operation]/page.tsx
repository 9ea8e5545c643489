import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { openApiDocument } from "@/app/openapi.json/document";
import { publicAddress } from "@/app/public-address";
import { Verb } from "@/components/site/reference-navigation";
import { CopyButton } from "@/components/ui/copy-button";
import { HeaderSample, RequestSamples, ResponseSamples } from "../code";
import { Fields, Part, Prose } from "../parts";
import {
  fieldsOf,
  listedOperations,
  referenceOf,
  shapeOf,
  successOf,
  type ApiOperation,
} from "../reference";

type Props = PageProps<"/docs/api/[operation]">;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { operation: slug } = await params;
  const operation = listedOperations.find((candidate) => candidate.slug === slug);
  if (!operation) return {};
  return {
    title: `${operation.summary}: API reference`,
    description: operation.description.replaceAll("`", ""),
    alternates: { canonical: `/docs/api/${slug}` },
  };
}

export default async function OperationPage({ params }: Props) {
  const { operation: slug } = await params;
  const address = await publicAddress();
  const { operations, schemas, securitySchemes } = referenceOf(openApiDocument(address));
  const operation = operations.find((candidate) => candidate.slug === slug);
  if (!operation) notFound();
  const response = successOf(operation);
  const shape = shapeOf(response);
  const schemes = operation.security.flatMap((ways) =>
    Object.keys(ways).flatMap((name) => securitySchemes[name] ?? []),
  );
  return (
    <div className="grid grid-cols-[minmax(0,11fr)_minmax(0,10fr)] gap-10 max-xl:grid-cols-[minmax(0,1fr)]">
      <article className="grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-5 text-[0.9375rem]/6">
        <Head operation={operation} />
        <Part id="auth" title="Authentication">
          <Fields
            fields={schemes.map(({ name = "Authorization: Bearer", description, ...scheme }) => ({
              name,
              type: scheme.in ?? "header",
              required: false,
              description,
            }))}
          />
        </Part>
        {operation.parameters.length > 0 ? (
          <Part id="parameters" title="Parameters">
            <Fields
              fields={operation.parameters.flatMap(({ name, required = false, ...parameter }) =>
                fieldsOf({
                  required: required ? [name] : [],
                  properties: {
                    [name]: { ...parameter.schema, description: parameter.description },
                  },
                }).map((field) => ({ ...field, type: `${field.type}, in the ${parameter.in}` })),
              )}
            />
          </Part>
        ) : null}
        <BodyPart operation={operation} />
        {shape && schemas[shape] ? (
          <Part id="response" title="Response">
            <Fields
              fields={fieldsOf(schemas[shape]).map((field) => ({ ...field, required: false }))}
            />
          </Part>
        ) : null}
        <Part id="headers" title="Headers of the response">
          <Fields
            fields={Object.entries(response.headers ?? {}).map(([name, header]) => ({
              name,
              type: String(header.schema.type ?? "string"),
              required: false,
              description: header.description,
            }))}
          />
        </Part>
        <Part id="errors" title="Errors and rate limits">
          <p>
            {Object.keys(operation.responses)
              .filter((status) => status !== response.status)
              .join(", ")}
            , in {errorForm(operation)} form.{" "}
            <Link href="/docs/api#errors" className="link">
              What each means
            </Link>
            {"429" in operation.responses ? (
              <>
                . A project may limit requests a minute and credits a month:{" "}
                <Link href="/docs/api#limits" className="link">
                  rate limits
                </Link>
              </>
            ) : null}
            .
          </p>
        </Part>
      </article>
      <div className="sticky top-21 grid min-w-0 content-start gap-4 self-start text-base max-xl:static">
        <RequestSamples operation={operation} address={address} />
        <ResponseSamples operation={operation} />
        <HeaderSample operation={operation} />
      </div>
    </div>
  );
}

/** Whose form the errors of an operation have, by the name of their schema: `OpenAIError`. */
function errorForm({ responses }: ApiOperation): string {
  const name = responses["401"] && shapeOf(responses["401"]);
  return name === "ManagementError" ? "OneKey’s" : `${name?.replace("Error", "")}’s`;
}

function Head({ operation }: { operation: ApiOperation }) {
  const { summary, method, path, description, externalDocs } = operation;
  return (
    <>
      <div className="grid gap-2.5">
        <h1 className="text-xl font-strong">{summary}</h1>
        <p className="flex flex-wrap items-center gap-2.5">
          <Verb method={method} big />
          <code className="font-mono text-base wrap-anywhere">{path}</code>
          <CopyButton text={path} subject="path" />
        </p>
      </div>
      <p>
        <Prose text={description} />{" "}
        {externalDocs ? (
          <a href={externalDocs.url} className="link">
            {externalDocs.description}
          </a>
        ) : null}
      </p>
    </>
  );
}

function BodyPart({ operation }: { operation: ApiOperation }) {
  const [type, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  if (!content) return null;
  return (
    <Part id="body" title="Body">
      {type === "multipart/form-data" ? <p>A form, as multipart/form-data.</p> : null}
      <Fields fields={fieldsOf(content.schema)} />
      <p className="text-sm text-muted">
        {content.schema.additionalProperties === false
          ? "A field that is not listed is a 400."
          : "A field that names an object stored at a provider is a 400 that says what to send instead."}
      </p>
    </Part>
  );
}
