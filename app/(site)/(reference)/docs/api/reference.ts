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
  additionalProperties?: boolean;
  properties?: Record<string, JsonSchema>;
};
type ApiHeader = { description: string; schema: JsonSchema };
/** How a key is sent, by the words of the document. */
type SecurityScheme = { type: string; in?: string; name?: string; description: string };
type BodyContent = Record<string, { schema: JsonSchema; example?: unknown }>;
type ApiResponse = {
  description: string;
  headers?: Record<string, ApiHeader>;
  content?: BodyContent;
};
type ApiParameter = {
  name: string;
  in: "path" | "query" | "header";
  description: string;
  required?: boolean;
  schema: JsonSchema;
  example?: string;
};

/** One endpoint of the OpenAPI document. */
export type ApiOperation = {
  operationId: string;
  slug: string;
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  tags: string[];
  summary: string;
  description: string;
  externalDocs?: { description: string; url: string };
  parameters: ApiParameter[];
  /** The names of the ways to send a key, any one of which is enough. */
  security: Record<string, string[]>[];
  requestBody?: { content: BodyContent };
  responses: Record<string, ApiResponse>;
};

/** An operation as the document has it: without `security` it takes the keys that the document names for all. */
type DescribedOperation = Omit<ApiOperation, "security"> & Partial<Pick<ApiOperation, "security">>;

export type ApiReference = {
  operations: ApiOperation[];
  schemas: Record<string, JsonSchema>;
  securitySchemes: Record<string, SecurityScheme>;
  tags: string[];
};

const METHODS = ["get", "post", "put", "patch", "delete"] as const;

/** The OpenAPI document in the form in which the reference prints it. */
export function referenceOf(document: JsonValue): ApiReference {
  const { paths, components, security, tags } = document as {
    security: ApiOperation["security"];
    paths: Record<string, Record<string, unknown> & { parameters?: ApiParameter[] }>;
    components: {
      schemas: Record<string, JsonSchema>;
      securitySchemes: Record<string, SecurityScheme>;
    };
    tags: { name: string }[];
  };
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method] as DescribedOperation | undefined;
      if (!operation) return [];
      return [
        {
          ...operation,
          security: operation.security ?? security,
          slug: slugOf(operation.operationId),
          method: method.toUpperCase() as ApiOperation["method"],
          path,
          parameters: [...(item.parameters ?? []), ...(operation.parameters ?? [])],
        },
      ];
    }),
  );
  const { schemas, securitySchemes } = components;
  return { operations, schemas, securitySchemes, tags: tags.map(({ name }) => name) };
}

/** The response of an operation that succeeds, with its status. */
export function successOf({ responses }: ApiOperation): ApiResponse & { status: string } {
  const [status = "", response] =
    Object.entries(responses).find(([code]) => code.startsWith("2")) ?? [];
  if (!response) throw new Error("Each operation describes a response that succeeds.");
  return { status, ...response };
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
