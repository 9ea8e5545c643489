import { expect, test } from "vitest";
import { checkStoredQuery } from "./check-stored-query";

const response = { rest: "", method: "GET" } as const;
const items = { rest: "/input_items", method: "GET" } as const;
const deletion = { rest: "", method: "DELETE" } as const;

test.each([
  [response, ""],
  [response, "include[]=reasoning.encrypted_content&include[]=message.input_image.image_url"],
  [response, "include=web_search_call.action.sources&key=sk-onekey-1"],
  [items, "limit=100&order=asc&after=msg_1&before=msg_2"],
  [items, "limit=1"],
] as const)("%j takes the query %s", (route, query) => {
  expect(() => checkStoredQuery(query, route)).not.toThrow();
});

test.each([
  [response, "stream=true"],
  [response, "starting_after=5"],
  [response, "foo=bar"],
  [response, "include=../x"],
  [response, "include=a b"],
  [response, "limit=5"],
  [response, "__proto__=1"],
  [response, "constructor=1"],
  [items, "limit=0"],
  [items, "limit=101"],
  [items, "limit=1e2"],
  [items, "order=random"],
  [items, "after=a/../b"],
  [items, "api_key=x"],
  [deletion, "include=output"],
] as const)("%j does not take the query %s", (route, query) => {
  expect(() => checkStoredQuery(query, route)).toThrow(/is not supported/);
});
