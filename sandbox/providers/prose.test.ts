import { expect, test } from "vitest";
import { startProviders } from ".";

test("with people reading, responses are plain English that varies with the question, and tests keep theirs", async () => {
  const demo = await startProviders({ demo: true });
  const say = async (content: string, fields: object = {}) => {
    const response = await fetch(`${demo.urls.openai}/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer sandbox-openai" },
      body: JSON.stringify({ model: "gpt-4o", messages: [{ role: "user", content }], ...fields }),
    });
    const body = (await response.json()) as {
      choices: { message: { content: string; tool_calls?: { function: object }[] } }[];
      usage: { completion_tokens: number };
    };
    return { ...body.choices[0]?.message, tokens: body.usage.completion_tokens };
  };
  const hello = await say("Say hello.");
  expect(hello).toMatchObject({
    content: "Hello! This reply is from the OneKey sandbox.",
    tokens: 9,
  });
  const [first, second] = [await say("Why is the sky blue?"), await say("Who wrote this book?")];
  expect(first.content).toMatch(/^[\x20-\x7e]{80,}$/);
  expect(first.content).not.toBe(second.content);
  expect(await say("Why is the sky blue?")).toEqual(first);
  expect((await say('[[sandbox: {"text":"As asked"}]]')).content).toBe("As asked");

  const schema = {
    type: "object",
    properties: { name: { type: "string" }, age: { type: "integer" } },
  };
  const json = await say("Describe a person of 42 years.", {
    response_format: { type: "json_schema", json_schema: { schema } },
  });
  expect(JSON.parse(json.content ?? "")).toEqual({ name: expect.any(String), age: 42 });

  const parameters = { type: "object", properties: { id: { type: "string" } }, required: ["id"] };
  const tools = [{ type: "function", function: { name: "get_order", parameters } }];
  expect((await say("Was order 7731 delivered?", { tools })).tool_calls?.[0]?.function).toEqual({
    name: "get_order",
    arguments: '{"id":"7731"}',
  });
  expect((await say("What is the time now?", { tools })).tool_calls).toBeUndefined();
  await demo.close();
});
