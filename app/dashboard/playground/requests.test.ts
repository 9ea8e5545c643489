import { expect, test } from "vitest";
import type { PlaygroundModel } from "@/lib/playground/schema";
import { listPlaygroundModels } from "@/lib/playground/models";
import { addEvent } from "@/components/playground/add-event";
import { buildRequest } from "@/components/playground/build-body";
import type { History } from "@/components/playground/body-fields";
import { NEW_ANSWER } from "@/components/playground/conversation";
import { copiesOf } from "@/components/playground/copy-as";
import { eventsOf } from "@/components/playground/read-stream";
import {
  FIRST_SETTINGS,
  parseSchema,
  parseTools,
  type PlaygroundSettings,
} from "@/components/playground/settings";

function modelOf(id: string): PlaygroundModel {
  const model = listPlaygroundModels().find((candidate) => candidate.id === id);
  if (!model) throw new Error(`The playground does not offer ${id}.`);
  return model;
}

const image = {
  id: "1",
  name: "dot.png",
  kind: "image" as const,
  mime: "image/png",
  bytes: 3,
  data: "data:image/png;base64,AAAA",
};
const call = { index: 0, id: "call_1", name: "get_order", args: '{"id":"7731"}' };
const history: History = [
  {
    input: { kind: "message", text: "Was it delivered?", attachments: [] },
    answer: { ...NEW_ANSWER, state: "done", calls: [call] },
  },
];
const results = {
  kind: "results" as const,
  column: "0",
  results: [{ callId: "call_1", name: "get_order", content: "yes" }],
};
const settings = {
  ...FIRST_SETTINGS,
  system: "Be brief.",
  temperature: 1.5,
  effort: "high",
  tools: '[{"name":"get_order","parameters":{"type":"object"}}]',
  format: "schema" as const,
};

test("every chat model is offered, each with a format that it serves and its own bounds", () => {
  const models = listPlaygroundModels();
  const chats = models.filter(({ kind }) => kind === "text");
  expect(chats.length).toBeGreaterThan(60);
  expect(modelOf("claude-haiku-5-5")).toMatchObject({
    dialect: "messages",
    temperatureMax: null,
    takesTopK: false,
    takesStop: true,
    efforts: ["low", "medium", "high"],
    maxOutput: 128_000,
  });
  expect(modelOf("claude-sonnet-4-6")).toMatchObject({ temperatureMax: 1, takesTopK: true });
  expect(modelOf("gpt-5-pro").dialect).toBe("responses");
  expect(modelOf("gpt-6.2-sol")).toMatchObject({ temperatureMax: null, takesStop: false });
  expect(modelOf("grok-4.7")).toMatchObject({ dialect: "chat", temperatureMax: 2 });
  expect(new Set(models.map(({ kind }) => kind))).toEqual(
    new Set(["text", "image", "speech", "embedding"]),
  );
});

test("a request to OpenAI's format has tools, schema and the result of a call, and no more than the model takes", () => {
  const { path, body } = buildRequest({
    model: modelOf("grok-4.7"),
    settings,
    history,
    next: results,
  });
  expect(path).toBe("/v1/chat/completions");
  expect(body).toMatchObject({
    model: "grok-4.7",
    stream_options: { include_usage: true },
    max_tokens: 4_096,
    temperature: 1.5,
    reasoning_effort: "high",
    tools: [{ type: "function", function: { name: "get_order" } }],
    response_format: { type: "json_schema" },
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: "Was it delivered?" },
      { role: "assistant", content: null, tool_calls: [{ id: "call_1" }] },
      { role: "tool", tool_call_id: "call_1", content: "yes" },
    ],
  });
  const openai = buildRequest({ model: modelOf("gpt-6.2-sol"), settings, history, next: results });
  expect(openai.body).toMatchObject({ max_completion_tokens: 4_096 });
  expect(openai.body).not.toHaveProperty("temperature");
});

test("a request in Anthropic's format stays within its bounds and includes images", () => {
  const { path, body } = buildRequest({
    model: modelOf("claude-sonnet-4-6"),
    settings: { ...settings, effort: undefined },
    history,
    next: { kind: "message", text: "And this?", attachments: [image] },
  });
  expect(path).toBe("/v1/messages");
  expect(body).not.toHaveProperty("thinking");
  expect(body).toMatchObject({
    temperature: 1,
    system: "Be brief.",
    tools: [{ name: "get_order", input_schema: { type: "object" } }],
    output_config: { format: { type: "json_schema" } },
    messages: [
      { role: "user" },
      { role: "assistant", content: [{ type: "tool_use", input: { id: "7731" } }] },
      {
        role: "user",
        content: [
          { type: "image", source: { media_type: "image/png", data: "AAAA" } },
          { type: "text", text: "And this?" },
        ],
      },
    ],
  });
});

test("an effort is sent as each Claude model takes it, without what it does not take with it", () => {
  const bodyOf = (id: string, part: Partial<PlaygroundSettings> = {}) =>
    buildRequest({
      model: modelOf(id),
      settings: { ...settings, topK: 40, format: "text", ...part },
      history: [],
      next: { kind: "message", text: "Why?", attachments: [] },
    }).body;
  for (const id of ["claude-haiku-5-5", "claude-opus-4-7", "claude-sonnet-4-6"]) {
    expect(bodyOf(id), id).toMatchObject({
      thinking: { type: "adaptive", display: "summarized" },
      output_config: { effort: "high" },
    });
    for (const field of ["temperature", "top_p", "top_k"])
      expect(bodyOf(id), id).not.toHaveProperty(field);
  }
  // Sampling parameters are a 400 from Claude Opus 4.7 on, with or without an effort.
  expect(bodyOf("claude-opus-4-7", { effort: undefined })).not.toHaveProperty("temperature");
  expect(bodyOf("claude-sonnet-4-6", { effort: undefined })).toMatchObject({
    temperature: 1,
    top_k: 40,
  });
  for (const id of ["claude-haiku-4-5-20251001", "claude-opus-4-5-20251101"]) {
    expect(bodyOf(id), id).toMatchObject({ thinking: { type: "enabled", budget_tokens: 3_072 } });
    expect(bodyOf(id), id).not.toHaveProperty("output_config");
    expect(bodyOf(id, { effort: "low", maxOutput: 1_025 }), id).toMatchObject({
      thinking: { budget_tokens: 1_024 },
    });
    expect(bodyOf(id, { maxOutput: 1_024 }), id).not.toHaveProperty("thinking");
  }
});

test("the reasoning of a response goes back with its calls, to the model that wrote it and to no other", () => {
  const stream = [
    { type: "content_block_start", index: 0, content_block: { type: "thinking", thinking: "" } },
    {
      type: "content_block_delta",
      index: 0,
      delta: { type: "thinking_delta", thinking: "It asks for an order." },
    },
    {
      type: "content_block_delta",
      index: 0,
      delta: { type: "signature_delta", signature: "c2lnbmVk" },
    },
    {
      type: "content_block_start",
      index: 1,
      content_block: { type: "redacted_thinking", data: "b3BhcXVl" },
    },
    {
      type: "content_block_start",
      index: 2,
      content_block: { type: "tool_use", id: "call_1", name: "get_order", input: {} },
    },
    { type: "content_block_delta", index: 2, delta: { partial_json: '{"id":"7731"}' } },
  ];
  const answer = stream
    .flatMap((event) => eventsOf(event, "messages"))
    .reduce(addEvent, { ...NEW_ANSWER, model: "claude-haiku-5-5" });
  expect(answer.reasoning).toBe("It asks for an order.");
  const blocksFor = (id: string) => {
    const { messages } = buildRequest({
      model: modelOf(id),
      settings,
      history: [{ input: { kind: "message", text: "Was it delivered?", attachments: [] }, answer }],
      next: results,
    }).body as { messages: { content: { type: string }[] }[] };
    return messages[1]?.content;
  };
  expect(blocksFor("claude-haiku-5-5")).toEqual([
    { type: "thinking", thinking: "It asks for an order.", signature: "c2lnbmVk" },
    { type: "redacted_thinking", data: "b3BhcXVl" },
    { type: "tool_use", id: "call_1", name: "get_order", input: { id: "7731" } },
  ]);
  expect(blocksFor("claude-opus-5-5")?.map(({ type }) => type)).toEqual(["tool_use"]);
});

test("a request in the Responses format is not stored by the provider", () => {
  const { path, body } = buildRequest({
    model: modelOf("gpt-5-pro"),
    settings,
    history,
    next: results,
  });
  expect(path).toBe("/v1/responses");
  expect(body).toMatchObject({
    store: false,
    instructions: "Be brief.",
    input: [{ role: "user" }, { type: "function_call" }, { type: "function_call_output" }],
  });
});

test.each([
  ["chat", { choices: [{ delta: { content: "Hi" } }] }, [{ type: "text", text: "Hi" }]],
  [
    "chat",
    { choices: [{ delta: { tool_calls: [{ index: 1, id: "c", function: { name: "f" } }] } }] },
    [{ type: "call", index: 1, id: "c", name: "f" }],
  ],
  ["chat", { error: { message: "No" } }, [{ type: "problem", message: "No" }]],
  [
    "messages",
    { type: "content_block_delta", index: 2, delta: { partial_json: "{" } },
    [{ type: "call", index: 2, args: "{" }],
  ],
  [
    "responses",
    { type: "response.output_text.delta", delta: "Hi" },
    [{ type: "text", text: "Hi" }],
  ],
  ["responses", { type: "response.created" }, []],
  ["chat", null, []],
  ["messages", { type: 7, delta: "x" }, []],
] as const)("an event of %s is read: %j", (dialect, data, events) => {
  expect(eventsOf(data, dialect)).toEqual(events);
});

test("tools and schemas are checked, and the place of an error is named", () => {
  expect(parseTools("")).toEqual({ tools: [], problem: null });
  expect(parseTools("{}").problem).toContain("Write a list");
  expect(parseTools('[{"name":"a b"}]').problem).toContain("Function 1 needs a name");
  expect(parseTools('[{"function":{"name":"f"}}]').tools).toEqual([
    { name: "f", parameters: { type: "object", properties: {} } },
  ]);
  expect(parseTools("[\n{,").problem).toMatch(/^This is not valid JSON, line 2, column 2/);
  expect(parseSchema("[]").problem).toContain("Write a JSON schema");
});

test("a copied request is complete: the key by its variable, the body as it was sent", () => {
  const request = buildRequest({
    model: modelOf("grok-4.7"),
    settings: { ...FIRST_SETTINGS, system: "It's $5, `now`" },
    history: [],
    next: { kind: "message", text: "Hi", attachments: [image] },
  });
  const [curl, typescript, python] = copiesOf(request, "http://127.0.0.1:3000");
  const requestBody = curl?.text.split("<<'END_OF_JSON'\n")[1]?.replace("\nEND_OF_JSON", "") ?? "";
  expect(JSON.parse(requestBody)).toEqual(request.body);
  expect(curl?.text).toContain("Bearer ${ONEKEY_API_KEY:?");
  expect(typescript?.text).toContain("client.chat.completions.create({");
  expect(python?.text).toContain('"include_usage": True');
  for (const copy of [curl, typescript, python]) {
    expect(copy?.text).toContain("AAAA");
    expect(copy?.text).not.toContain("…");
  }
});
