import type { Metadata } from "next";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import { openApiDocument } from "../../../openapi.json/document";
import { publicAddress } from "../../../public-address";
import { docsComponents } from "../elements";

export const metadata: Metadata = {
  title: "API reference",
  description: "Every endpoint that OneKey serves, from its OpenAPI document.",
  alternates: { canonical: "/docs/api" },
};

type Operation = { tags: string[]; summary: string; externalDocs?: { url: string } };
type Schema = {
  type?: string;
  format?: string;
  description?: string;
  enum?: string[];
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
};
const METHODS = ["get", "post", "delete"] as const;

export default async function ApiPage() {
  const address = await publicAddress();
  const document = openApiDocument(address) as {
    tags: { name: string }[];
    paths: Record<string, Partial<Record<(typeof METHODS)[number], Operation>>>;
    components: { schemas: Record<string, Schema> };
  };
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation ? [{ path, method: method.toUpperCase(), ...operation }] : [];
    }),
  );
  const {
    h1: H1,
    h2: H2,
    p: P,
    a: A,
    code: C,
  } = docsComponents as Record<string, React.ElementType>;
  if (!H1 || !H2 || !P || !A || !C)
    throw new Error("The docs draw every element that this page uses.");
  return (
    <>
      <H1>API reference</H1>
      <P>
        Made from <A href="/openapi.json">/openapi.json</A> (OpenAPI 3.1), which is tested against
        the running gateway. Bodies and answers of the providers’ endpoints are theirs and pass
        through byte for byte; their own references describe them.
      </P>
      {document.tags.map(({ name }) => {
        const own = operations.filter(({ tags }) => tags.includes(name));
        const reference = own.find(({ externalDocs }) => externalDocs)?.externalDocs?.url;
        return (
          <section key={name} className="grid grid-cols-[minmax(0,1fr)] gap-4">
            <H2>{name}</H2>
            {reference === undefined ? null : (
              <P>
                <A href={reference}>The provider’s reference</A>
              </P>
            )}
            <Table size="page" edge="flush" caption={`Endpoints: ${name}`}>
              <thead>
                <tr>
                  <Th>Endpoint</Th>
                  <Th wide>What it does</Th>
                </tr>
              </thead>
              <tbody>
                {own.map(({ path, method, summary }) => (
                  <tr key={`${method} ${path}`}>
                    <Td>
                      <code className="font-mono text-sm max-md:wrap-anywhere md:whitespace-nowrap">
                        {method} {path}
                      </code>
                      <Sub className="md:hidden">{summary}</Sub>
                    </Td>
                    <Td wide muted>
                      {summary}
                    </Td>
                  </tr>
                ))}
              </tbody>
            </Table>
          </section>
        );
      })}
      <H2>Shapes of OneKey</H2>
      {(["Credits", "UsageRow"] as const).map((name) => (
        <section key={name} className="grid grid-cols-[minmax(0,1fr)] gap-3">
          <h3 className="font-strong">{name}</h3>
          <Table size="page" edge="flush" caption={`Fields of ${name}`}>
            <thead>
              <tr>
                <Th>Field</Th>
                <Th>Type</Th>
                <Th wide>Notes</Th>
              </tr>
            </thead>
            <tbody>
              {fieldsOf(document.components.schemas[name] ?? {}).map(([field, schema]) => (
                <tr key={field}>
                  <Td>
                    <code className="font-mono text-sm wrap-anywhere">{field}</code>
                  </Td>
                  <Td muted>{typeOf(schema)}</Td>
                  <Td wide muted>
                    {schema.description ?? schema.enum?.join(", ") ?? ""}
                  </Td>
                </tr>
              ))}
            </tbody>
          </Table>
        </section>
      ))}
    </>
  );
}

function fieldsOf(schema: Schema, prefix = ""): [string, Schema][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]): [string, Schema][] =>
    field.properties ? fieldsOf(field, `${prefix}${name}.`) : [[`${prefix}${name}`, field]],
  );
}

function typeOf({ type, format, anyOf }: Schema): string {
  if (anyOf) return anyOf.map(typeOf).join(" or ");
  return format ?? type ?? "any";
}
