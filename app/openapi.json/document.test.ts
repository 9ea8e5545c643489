import { describe, expect, test } from "vitest";
import { listModels } from "@/lib/catalog/queries";
import {
  fieldsOf,
  listedOperations,
  referenceOf,
  successOf,
} from "../(site)/(reference)/docs/api/reference";
import { referenceMarkdown } from "../(site)/(reference)/docs/api/markdown";
import { samplesOf } from "../(site)/(reference)/docs/api/samples";
import { openApiDocument } from "./document";
import { errorStatuses, shapes } from "./shapes";

const address = "https://onekey.example";
const document = openApiDocument(address);
const { operations, schemas } = referenceOf(document);

const WITHOUT_BODY = new Set(["manageTestWebhook", "manageReplayDelivery"]);

describe("every endpoint is described", () => {
  test.each(operations.map((operation) => [operation.operationId, operation] as const))(
    "%s has a text, examples, headers and every error",
    (_, operation) => {
      const { operationId, summary, description, parameters, requestBody, responses } = operation;
      const { method, tags } = operation;
      expect(summary.length).toBeGreaterThan(5);
      expect(description.length).toBeGreaterThan(20);
      for (const parameter of parameters)
        expect(parameter.description, parameter.name).toMatch(/\.$/);
      if (!["GET", "DELETE"].includes(method) && !WITHOUT_BODY.has(operationId)) {
        const [content] = Object.values(requestBody?.content ?? {});
        expect(content?.example).toBeTypeOf("object");
        for (const { name, description: text } of fieldsOf(content?.schema ?? {}))
          expect(text, name).toMatch(/\.$/);
      }
      expect(successOf(operation).headers).toHaveProperty("x-onekey-request-id");
      // The management API has other errors, by operation.
      const statuses = tags.includes("Management") ? [400, 401, 403, 404, 405, 500] : errorStatuses;
      for (const status of statuses) {
        const response = responses[String(status)];
        expect(response?.description.length, String(status)).toBeGreaterThan(20);
        expect(Object.values(response?.content ?? {})[0]?.example, String(status)).toBeDefined();
      }
    },
  );
});

test("what the cost headers say is on the responses that have them", () => {
  const chat = operations.find(({ operationId }) => operationId === "chat_completions");
  const headersOf = (status: string) => Object.keys(chat?.responses[status]?.headers ?? {});
  expect(headersOf("200")).toEqual(
    expect.arrayContaining(["x-onekey-max-cost", "x-onekey-cost", "x-onekey-request-id"]),
  );
  for (const status of ["402", "429"]) expect(headersOf(status)).toContain("x-onekey-max-cost");
  expect(headersOf("401")).not.toContain("x-onekey-max-cost");
});

test("every operation whose body or path asks for a stream has one as an example", () => {
  const streamOperations = operations.filter(({ responses }) => {
    const [success] = Object.values(responses);
    return success?.content?.["text/event-stream"] !== undefined;
  });
  expect(streamOperations.map(({ operationId }) => operationId)).toEqual([
    "chat_completions",
    "responses",
    "messages",
    "gemini_interactions",
    "gemini_streamGenerateContent",
  ]);
  for (const operation of streamOperations) {
    const { content } = successOf(operation);
    const text = String(content?.["text/event-stream"]?.example);
    const events = [...text.matchAll(/^data: (.+)$/gm)]
      .map(([, data = ""]) => data)
      .filter((data) => data !== "[DONE]");
    // Every event is JSON, and the last usage is that of the response in one piece.
    const usages = events.flatMap((data) => data.match(/"(usage|usageMetadata)":\{[^}]*\}/g) ?? []);
    const complete = JSON.stringify(content?.["application/json"]?.example);
    for (const data of events) expect(() => JSON.parse(data) as unknown).not.toThrow();
    expect(complete, operation.operationId).toContain(usages.at(-1));
    expect(referenceMarkdown(document)).toContain(text.trimEnd());
  }
});

test("every field of OneKey's own objects is described", () => {
  for (const name of Object.keys(shapes)) {
    const fields = fieldsOf(schemas[name] ?? {});
    expect(fields.length, name).toBeGreaterThan(0);
    for (const field of fields.filter(({ type }) => !type.startsWith('"')))
      expect(field.description, `${name}.${field.name}`).toMatch(/\.$/);
  }
});

test("the examples of OneKey's own objects have the shapes of the document", () => {
  let checkCount = 0;
  for (const operation of operations) {
    const content = successOf(operation).content?.["application/json"];
    const name = content?.schema.$ref?.split("/").at(-1) as keyof typeof shapes | undefined;
    if (name === undefined) continue;
    expect(shapes[name].safeParse(content?.example).error, name).toBeUndefined();
    checkCount++;
  }
  expect(checkCount).toBe(26);
});

test("each endpoint has its own address and a request with a model of the catalog", () => {
  const slugs = listedOperations.map(({ slug }) => slug);
  expect(new Set(slugs).size).toBe(slugs.length);
  expect(slugs.every((slug) => /^[a-z0-9-]+$/.test(slug))).toBe(true);
  const ids = new Set(listModels().map(({ id }) => id));
  for (const operation of operations)
    for (const { text } of samplesOf(operation, address)) {
      expect(text).toContain(address);
      expect(text).not.toMatch(/undefined|\[object|sk-onekey-/);
      for (const [, id = ""] of text.matchAll(/(?:"model": |model=|model: )"([\w./-]+)"/g))
        expect(ids, id).toContain(id.replace("models/", ""));
    }
});

test("the Markdown of the reference has every endpoint and every field", () => {
  const text = referenceMarkdown(document);
  for (const { method, path } of operations) expect(text).toContain(`\`${method} ${path}\``);
  for (const { name } of fieldsOf(schemas.UsageRow ?? {})) expect(text).toContain(`\`${name}\``);
});
