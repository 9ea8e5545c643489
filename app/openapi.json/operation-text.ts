/** A field of a body that OneKey reads. A dot in the name goes into an object. */
export type BodyField = {
  name: string;
  type: "string" | "integer" | "boolean" | "array" | "object" | "file";
  description: string;
  required?: true;
};

/** What the reference says of an endpoint whose body and response are the provider's. */
export type OperationText = {
  title: string;
  description: string;
  /** The provider's own reference of this endpoint. */
  reference: string;
  fields: BodyField[];
  request: Record<string, unknown>;
  response: unknown;
  /** The same response as server-sent events, where it can be a stream. */
  stream?: string;
};

export const model: BodyField = {
  name: "model",
  type: "string",
  required: true,
  description: "Id or alias of a model. It decides the provider and the price.",
};
export const stream: BodyField = {
  name: "stream",
  type: "boolean",
  description: "Server-sent events, passed on as they arrive. Default false.",
};
export const tools: BodyField = {
  name: "tools",
  type: "array",
  description:
    "Functions pass through. A tool that the provider runs is held for by its own bound, else for ten calls.",
};
export const serviceTier: BodyField = {
  name: "service_tier",
  type: "string",
  description:
    "A tier that the model's price list has, such as `flex` or `priority`. You pay the price of the tier that was served.",
};
