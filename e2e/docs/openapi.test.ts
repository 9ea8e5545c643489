import { expect, test } from "vitest";
import { listModels } from "@/lib/catalog/queries";
import { shapes, type ShapeName } from "@/app/openapi.json/shapes";
import { ENDPOINTS, findRoute } from "@/lib/gateway/request/endpoints";
import { chat, createCustomer, ADAPTERS, deployment } from "../support/shared-deployment";

type ApiOperation = {
  responses: Record<string, { content?: { "application/json": { schema: ResponseShape } } }>;
};
type ResponseShape = {
  $ref?: string;
  properties?: Record<string, { items?: ResponseShape; type?: string }>;
};
type ApiDocument = {
  openapi: string;
  paths: Record<string, Record<string, ApiOperation>>;
  components: { schemas: Record<string, unknown> };
};

/** The management API takes other keys. A unit test of the document sends each of its operations. */
const isGateway = ([path]: [string, unknown]) => !path.startsWith("/v1/manage/");

const sharedCustomer = createCustomer({ credits: "1" });
/** The document is a page's, so it is Next that serves it, behind either adapter. */
const document = fetch(`${deployment.fast}/openapi.json`).then((response) =>
  response.json(),
) as Promise<ApiDocument>;

const filledIn = (path: string, id: string) =>
  path
    .replace("/v1/models/{model}", "/v1/models/gpt-6-luna")
    .replace("{model}", "gemini-3.5-flash-lite")
    .replace("{request}", id)
    .replace("{response}", "resp_1");

const refName = (shape: ResponseShape | undefined) =>
  shape?.$ref?.split("/").at(-1) as ShapeName | undefined;

test("every operation of the document is served, and every endpoint is in it", async () => {
  const { openapi, paths } = await document;
  expect(openapi).toBe("3.1.0");
  const operations = Object.entries(paths)
    .filter(isGateway)
    .flatMap(([path, item]) =>
      ["get", "post", "delete"]
        .filter((method) => method in item)
        .map((method) => [method.toUpperCase(), path] as const),
    );
  for (const [method, path] of operations)
    expect(
      () => findRoute(method, filledIn(path, "req_0000000000000000000000"), "openai"),
      `${method} ${path}`,
    ).not.toThrow();
  for (const [path, { name }] of Object.entries(ENDPOINTS))
    if (listModels().some(({ endpoints }) => endpoints.includes(name)))
      expect(paths).toHaveProperty([path]);
  expect(operations.length).toBeGreaterThan(24);
});

test.each(ADAPTERS)(
  "through %s OneKey's own answers and errors have the shapes that the document gives them",
  async (_, origin) => {
    const { key } = await sharedCustomer;
    const response = await chat(origin, key, {
      model: "gpt-6-luna",
      max_tokens: 5,
      messages: [{ role: "user", content: "hi" }],
    });
    const requestId = response.headers.get("x-onekey-request-id") ?? "";
    await response.text();
    const bearer = { authorization: `Bearer ${key}` };
    for (
      let i = 0;
      i < 50 &&
      (await fetch(`${origin}/v1/usage/${requestId}`, { headers: bearer })).status !== 200;
      i++
    )
      await new Promise((resolve) => setTimeout(resolve, 100));
    const { paths } = await document;
    let checkCount = 0;
    for (const [path, item] of Object.entries(paths).filter(isGateway)) {
      const schema = item.get?.responses["200"]?.content?.["application/json"].schema;
      if (schema && (refName(schema) || schema.properties)) {
        const response = await fetch(`${origin}${filledIn(path, requestId)}`, { headers: bearer });
        expect(response.status, path).toBe(200);
        const value = (await response.json()) as Record<string, unknown>;
        const shapeName = refName(schema);
        if (shapeName) expect(shapes[shapeName].safeParse(value).error, path).toBeUndefined();
        for (const [field, { items }] of Object.entries(schema.properties ?? {})) {
          const itemName = refName(items);
          if (!itemName) continue;
          const rows = value[field] as unknown[];
          expect(rows.length, path).toBeGreaterThan(0);
          for (const row of rows)
            expect(shapes[itemName].safeParse(row).error, path).toBeUndefined();
        }
        checkCount++;
      }
      const failing = await fetch(`${origin}${filledIn(path, requestId)}`, {
        method: item.post ? "POST" : "GET",
      });
      expect(failing.status, path).toBe(401);
      const operation = item.post ?? item.get;
      const error = refName(operation?.responses["401"]?.content?.["application/json"].schema);
      expect(error, path).toBeDefined();
      if (error) expect(shapes[error].safeParse(await failing.json()).error, path).toBeUndefined();
    }
    expect(checkCount).toBe(7);
  },
);
