import { openApiDocument } from "@/app/openapi.json/document";

type Json = Record<string, unknown>;

export type Schema = {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  const?: unknown;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  default?: unknown;
  anyOf?: Schema[];
  items?: Schema;
  required?: string[];
  properties?: Record<string, Schema>;
};
type Header = { description: string; schema: Schema };
type Content = Record<string, { schema: Schema; example?: unknown }>;
type Response = { description: string; headers?: Record<string, Header>; content?: Content };
type Parameter = {
  name: string;
  in: "path" | "query";
  description: string;
  required?: boolean;
  schema: Schema;
};

/** One endpoint of the OpenAPI document. */
export type Operation = {
  operationId: string;
  slug: string;
  method: "GET" | "POST" | "DELETE";
  path: string;
  tags: string[];
  summary: string;
  description: string;
  externalDocs?: { description: string; url: string };
  parameters: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, Response>;
};

export type Reference = {
  operations: Operation[];
  schemas: Record<string, Schema>;
  tags: string[];
};

const METHODS = ["get", "post", "delete"] as const;

/** The OpenAPI document in the form in which the reference prints it. */
export function referenceOf(document: Json): Reference {
  const { paths, components, tags } = document as {
    paths: Record<string, Record<string, unknown> & { parameters?: Parameter[] }>;
    components: { schemas: Record<string, Schema> };
    tags: { name: string }[];
  };
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method] as Operation | undefined;
      if (!operation) return [];
      return [
        {
          ...operation,
          slug: slugOf(operation.operationId),
          method: method.toUpperCase() as Operation["method"],
          path,
          parameters: [...(item.parameters ?? []), ...(operation.parameters ?? [])],
        },
      ];
    }),
  );
  return { operations, schemas: components.schemas, tags: tags.map(({ name }) => name) };
}

const slugOf = (operationId: string): string =>
  operationId
    .replace(/([a-z])([A-Z])/g, "$1-$2")
    .replaceAll("_", "-")
    .toLowerCase();

/** The operations without an address, for lists of pages. */
export const listedOperations: Operation[] = referenceOf(openApiDocument("")).operations;

export type Field = { name: string; type: string; required: boolean; description: string };

/** The fields of a schema, those of objects in it with a dot in their names. */
export function fieldsOf(schema: Schema, prefix = ""): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]): Field[] => {
    const own: Field = {
      name: `${prefix}${name}`,
      type: typeOf(field),
      required: schema.required?.includes(name) ?? false,
      description: [field.description, boundsOf(field)].filter(Boolean).join(" "),
    };
    return field.properties
      ? [...(field.description ? [own] : []), ...fieldsOf(field, `${own.name}.`)]
      : [own];
  });
}

function typeOf({ type, format, anyOf, items, const: constant }: Schema): string {
  if (constant !== undefined) return JSON.stringify(constant);
  if (anyOf) return anyOf.map(typeOf).join(" or ");
  if (format === "binary") return "file";
  if (type === "array" && items?.type) return `array of ${typeOf(items)}`;
  if (Array.isArray(type)) return type.join(" or ");
  return format === "date-time" ? "string, date and time" : (type ?? "any");
}

function boundsOf({ enum: values, minimum, maximum, default: standard }: Schema): string {
  const parts = [
    ...(values ? [`One of ${values.map((value) => `\`${value}\``).join(", ")}.`] : []),
    ...(minimum !== undefined && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER
      ? [`${minimum} to ${maximum}.`]
      : []),
    ...(standard === undefined ? [] : [`Default ${String(standard)}.`]),
  ];
  return parts.join(" ");
}

/** The name of the schema that a response refers to, and whether it is a list of it. */
export function shapeOf({ content }: Response): string | undefined {
  const schema = content?.["application/json"]?.schema;
  const listed = Object.values(schema?.properties ?? {}).find(({ items }) => items?.$ref);
  return (schema?.$ref ?? listed?.items?.$ref)?.split("/").at(-1);
}
