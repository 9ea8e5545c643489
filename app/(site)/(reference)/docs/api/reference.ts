import { openApiDocument } from "@/app/openapi.json/document";

type JsonValue = Record<string, unknown>;

export type JsonSchema = {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  const?: unknown;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  default?: unknown;
  anyOf?: JsonSchema[];
  items?: JsonSchema;
  required?: string[];
  properties?: Record<string, JsonSchema>;
};
type ApiHeader = { description: string; schema: JsonSchema };
type BodyContent = Record<string, { schema: JsonSchema; example?: unknown }>;
type ApiResponse = {
  description: string;
  headers?: Record<string, ApiHeader>;
  content?: BodyContent;
};
type ApiParameter = {
  name: string;
  in: "path" | "query";
  description: string;
  required?: boolean;
  schema: JsonSchema;
};

/** One endpoint of the OpenAPI document. */
export type ApiOperation = {
  operationId: string;
  slug: string;
  method: "GET" | "POST" | "DELETE";
  path: string;
  tags: string[];
  summary: string;
  description: string;
  externalDocs?: { description: string; url: string };
  parameters: ApiParameter[];
  requestBody?: { content: BodyContent };
  responses: Record<string, ApiResponse>;
};

export type ApiReference = {
  operations: ApiOperation[];
  schemas: Record<string, JsonSchema>;
  tags: string[];
};

const METHODS = ["get", "post", "delete"] as const;

/** The OpenAPI document in the form in which the reference prints it. */
export function referenceOf(document: JsonValue): ApiReference {
  const { paths, components, tags } = document as {
    paths: Record<string, Record<string, unknown> & { parameters?: ApiParameter[] }>;
    components: { schemas: Record<string, JsonSchema> };
    tags: { name: string }[];
  };
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method] as ApiOperation | undefined;
      if (!operation) return [];
      return [
        {
          ...operation,
          slug: slugOf(operation.operationId),
          method: method.toUpperCase() as ApiOperation["method"],
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
export const listedOperations: ApiOperation[] = referenceOf(openApiDocument("")).operations;

export type SchemaField = { name: string; type: string; required: boolean; description: string };

/** The fields of a schema, those of objects in it with a dot in their names. */
export function fieldsOf(schema: JsonSchema, prefix = ""): SchemaField[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]): SchemaField[] => {
    const ownField: SchemaField = {
      name: `${prefix}${name}`,
      type: typeOf(field),
      required: schema.required?.includes(name) ?? false,
      description: [field.description, boundsOf(field)].filter(Boolean).join(" "),
    };
    return field.properties
      ? [...(field.description ? [ownField] : []), ...fieldsOf(field, `${ownField.name}.`)]
      : [ownField];
  });
}

function typeOf({ type, format, anyOf, items, const: constant }: JsonSchema): string {
  if (constant !== undefined) return JSON.stringify(constant);
  if (anyOf) return anyOf.map(typeOf).join(" or ");
  if (format === "binary") return "file";
  if (type === "array" && items?.type) return `array of ${typeOf(items)}`;
  if (Array.isArray(type)) return type.join(" or ");
  return format === "date-time" ? "string, date and time" : (type ?? "any");
}

function boundsOf({ enum: values, minimum, maximum, default: standard }: JsonSchema): string {
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
export function shapeOf({ content }: ApiResponse): string | undefined {
  const schema = content?.["application/json"]?.schema;
  const listField = Object.values(schema?.properties ?? {}).find(({ items }) => items?.$ref);
  return (schema?.$ref ?? listField?.items?.$ref)?.split("/").at(-1);
}
