// Longer than 300 lines: tables of bodies, one line or few each.

import { expect, test } from "vitest";
import type { EndpointName } from "@/lib/catalog/schema";
import { scanBody } from ".";

const scan = (endpoint: EndpointName, body: string) =>
  scanBody({
    endpoint,
    body: Buffer.from(body),
    contentType: "application/json",
    ...(endpoint.startsWith("gemini.") ? { pathModel: "g" } : {}),
  });

/** Endpoint, body, the field that the refusal names, and what it says. */
const REFUSED: [EndpointName, string, string, string][] = [
  ["chat.completions", '{"model":"a","model":"b"}', "model", "given twice"],
  ["chat.completions", '{"model":"a","mod\\u0065l":"a"}', "model", "without escapes"],
  ["chat.completions", '{"model":"\\u0061"}', "model", "without escapes"],
  ["chat.completions", '{"model":["a"]}', "model", "must be a string"],
  ["chat.completions", '{"model":""}', "model", "not empty"],
  ["chat.completions", '{"messages":[{"model":"a"}]}', "model", "missing"],
  ["chat.completions", '{"model":null}', "model", "missing"],
  ["chat.completions", '{"model":"a","stream":"yes"}', "stream", "true or false"],
  ["chat.completions", '{"model":"a","stream":true,"stream":false}', "stream", "given twice"],
  ...["0", "-1", "1.5", "129", '"1"', "{}", "[1]", "true"].map(
    (n): [EndpointName, string, string, string] => [
      "chat.completions",
      `{"model":"a","n":${n}}`,
      "n",
      "must be an integer",
    ],
  ),
  ...["0", "-1", "1.5", "1e9", '"5"'].map((n): [EndpointName, string, string, string] => [
    "chat.completions",
    `{"model":"a","max_tokens":${n}}`,
    "max_tokens",
    "must be an integer",
  ]),
  [
    "chat.completions",
    '{"model":"a","max_tokens":null,"max_tokens":5}',
    "max_tokens",
    "given twice",
  ],
  [
    "chat.completions",
    '{"model":"a","stream_options":{},"stream_options":{"include_usage":true}}',
    "stream_options",
    "given twice",
  ],
  [
    "chat.completions",
    '{"model":"a","stream_options":{"include_usage":1}}',
    "stream_options.include_usage",
    "true or false",
  ],
  [
    "responses",
    '{"model":"a","prompt_cache_options":{"ttl":"7d"}}',
    "prompt_cache_options.ttl",
    "30m and 12h",
  ],
  ["chat.completions", '{"model":"a","service_tier":5}', "service_tier", "must be a string"],
  ["messages", '{"model":"a","speed":"f\\u0061st"}', "speed", "without escapes"],
  ["messages", '{"model":"a","max_tokens":-1}', "max_tokens", "must be"],
  [
    "messages",
    '{"model":"a","inference_geo":"us","inference_geo":"eu"}',
    "inference_geo",
    "given twice",
  ],
  [
    "gemini.generateContent",
    '{"generationConfig":{"maxOutputTokens":1},"generation_config":{}}',
    "generationConfig",
    "given twice",
  ],
  [
    "gemini.generateContent",
    '{"generationConfig":{"maxOutputTokens":1,"max_output_tokens":2}}',
    "generationConfig.maxOutputTokens",
    "given twice",
  ],
  [
    "gemini.generateContent",
    '{"generationConfig":{"maxOutputTokens":0}}',
    "generationConfig.maxOutputTokens",
    "must be",
  ],
  ["gemini.embedContent", '{"model":"models/other"}', "model", "not the one in the path"],
  [
    "gemini.batchEmbedContents",
    '{"requests":{"model":"models/other"}}',
    "model",
    "not the one in the path",
  ],
  // Google takes one value for a list of one.
  ...[
    '{"contents":{"parts":{"fileData":{"fileUri":"files/x"}}}}',
    '{"contents":[{"parts":{"file_data":{"file_uri":"files/x"}}}]}',
    '{"system_instruction":{"parts":{"fileData":{"fileUri":"files/x"}}}}',
    '{"contents":[{"parts":{"functionResponse":{"parts":{"fileData":{"fileUri":"files/x"}}}}}]}',
  ].map((body): [EndpointName, string, string, string] => [
    "gemini.generateContent",
    body,
    body.includes("file_uri") ? "file_uri" : "fileUri",
    "stored",
  ]),
  [
    "messages",
    '{"model":"a","messages":[{"content":{"type":"document","source":{"type":"file","file_id":"f"}}}]}',
    "file_id",
    "stored",
  ],
  [
    "gemini.batchEmbedContents",
    '{"requests":[{"model":"models/g"},{"model":"models/other"}]}',
    "model",
    "not the one in the path",
  ],
  ["images.generations", '{"model":"a","size":"1x1","size":"2x2"}', "size", "given twice"],
  ["audio.speech", '{"model":"a","input":"a","input":"b"}', "input", "given twice"],
  ["audio.speech", '{"model":"a","input":["a"]}', "input", "must be a string"],
  ["audio.speech", '{"model":"a","input":"a","voice":{"id":"voice_1"}}', "voice.id", "stored"],
  [
    "chat.completions",
    '{"model":"a","messages":[{"content":[{"type":"file","file":{"file_id":"f"}}]}]}',
    "file_id",
    "stored",
  ],
  [
    "chat.completions",
    '{"model":"a","messages":[{"content":[{"type":"file","file":{"file\\u005fid":"f"}}]}]}',
    "file_id",
    "stored",
  ],
  [
    "chat.completions",
    '{"model":"a","messages":[{"audio":{"id":"audio_1"}}]}',
    "audio.id",
    "stored",
  ],
  [
    "chat.completions",
    '{"model":"a","extra_body":{"google":{"cached_content":"c"}}}',
    "cached_content",
    "stored",
  ],
  [
    "chat.completions",
    '{"model":"a","messages":[{"content":[{"image_url":{"url":"https:\\/\\/generativelanguage.googleapis.com/v1beta/files/x"}}]}]}',
    "image_url",
    "stored",
  ],
  ...[
    "https://x@generativelanguage.googleapis.com/v1beta/files/x",
    "https:generativelanguage.googleapis.com/files/x",
  ].map((url): [EndpointName, string, string, string] => [
    "chat.completions",
    `{"model":"a","messages":[{"content":[{"image_url":{"url":"${url}"}}]}]}`,
    "image_url",
    "stored",
  ]),
  ["chat.completions", '{"model":"a","deferred":true}', "deferred", "stored"],
  ["responses", '{"model":"a","conversation":{"id":"c"}}', "conversation", "stored"],
  ["responses", '{"model":"a","conversation":"conv_1"}', "conversation", "stored"],
  ["responses", '{"model":"a","prompt":{"id":"p"}}', "prompt.id", "stored"],
  ["responses", '{"model":"a","background":true}', "background", "without it, and stream"],
  [
    "responses",
    '{"model":"a","input":[{"role":"user","content":[{"type":"input_file","file_id":"f"}]}]}',
    "file_id",
    "stored",
  ],
  [
    "responses",
    '{"model":"a","input":[{"type":"computer_call_output","output":{"file_id":"f"}}]}',
    "file_id",
    "stored",
  ],
  [
    "responses",
    '{"model":"a","input":[{"type":"function_call_output","output":[{"type":"input_image","file_id":"f"}]}]}',
    "file_id",
    "stored",
  ],
  [
    "responses",
    '{"model":"a","input":[{"type":"code_interpreter_call","container_id":"c"}]}',
    "container_id",
    "stored",
  ],
  [
    "responses",
    '{"model":"a","tools":[{"type":"file_search","vector_store_ids":["v"]}]}',
    "vector_store_ids",
    "stored",
  ],
  [
    "responses",
    '{"model":"a","tools":[{"type":"code_interpreter","container":"c"}]}',
    "container",
    "stored",
  ],
  [
    "responses",
    '{"model":"a","tools":[{"type":"code_interpreter","container":{"type":"auto","file_ids":["f"]}}]}',
    "file_ids",
    "stored",
  ],
  [
    "responses",
    '{"model":"a","tools":[{"type":"shell","environment":{"type":"container_reference","container_id":"c"}}]}',
    "container_id",
    "stored",
  ],
  [
    "responses",
    '{"model":"a","tools":[{"type":"image_generation","input_image_mask":{"file_id":"f"}}]}',
    "file_id",
    "stored",
  ],
  ["messages", '{"model":"a","container":"c"}', "container", "stored"],
  ["messages", '{"model":"a","container":{"id":"c"}}', "container.id", "stored"],
  [
    "messages",
    '{"model":"a","container":{"skills":[{"type":"custom","skill_id":"skill_01"}]}}',
    "skill_id",
    "stored",
  ],
  [
    "messages",
    '{"model":"a","messages":[{"content":[{"type":"document","source":{"type":"file","file_id":"f"}}]}]}',
    "file_id",
    "stored",
  ],
  [
    "messages",
    '{"model":"a","messages":[{"content":[{"type":"tool_result","content":[{"type":"image","source":{"type":"file","file_id":"f"}}]}]}]}',
    "file_id",
    "stored",
  ],
  [
    "messages",
    '{"model":"a","messages":[{"content":[{"type":"container_upload","file_id":"f"}]}]}',
    "file_id",
    "stored",
  ],
  ["messages", '{"model":"a","fallbacks":[{"model":"b"}]}', "fallbacks", "another price"],
  [
    "messages",
    '{"model":"a","thread":{"type":"continue","previous_message_id":"msg_1"}}',
    "thread",
    "stored",
  ],
  [
    "messages",
    '{"model":"a","tools":[{"type":"advisor_20260301","model":"b"}]}',
    "tools",
    "second model",
  ],
  [
    "gemini.generateContent",
    '{"contents":[{"parts":[{"fileData":{"fileUri":"https://x/v1beta/files/1"}}]}]}',
    "fileUri",
    "stored",
  ],
  ...[
    '"https://generativelanguage.googleapis.com/v1beta/files/1"',
    '"https:\\/\\/Storage.GoogleAPIs.com/b/o"',
    '"https://a@generativelanguage.googleapis.com/x"',
    '"https://example.com\\\\@generativelanguage.googleapis.com/x"',
    '"gs://bucket/a.pdf"',
    '"files/abc"',
    '"http://example.com/a"',
    '" https://example.com/a"',
    '["https://example.com/a"]',
    "7",
  ].map((uri): [EndpointName, string, string, string] => [
    "gemini.generateContent",
    `{"contents":[{"parts":[{"fileData":{"fileUri":${uri}}}]}]}`,
    "fileUri",
    "public https address",
  ]),
  [
    "gemini.generateContent",
    '{"contents":[{"parts":[{"file_data":{"file_uri":"u"}}]}]}',
    "file_uri",
    "stored",
  ],
  [
    "gemini.generateContent",
    '{"contents":[{"parts":[{"functionResponse":{"parts":[{"fileData":{"fileUri":"u"}}]}}]}]}',
    "fileUri",
    "stored",
  ],
  [
    "gemini.countTokens",
    '{"generateContentRequest":{"cachedContent":"c"}}',
    "cachedContent",
    "stored",
  ],
  ["gemini.generateContent", '{"cached\\u0043ontent":"c"}', "cachedContent", "stored"],
  [
    "gemini.generateContent",
    '{"tools":[{"fileSearch":{"fileSearchStoreNames":["s"]}}]}',
    "fileSearchStoreNames",
    "stored",
  ],
  ["images.edits", '{"model":"a","images":[{"file_id":"f"}]}', "file_id", "stored"],
  [
    "images.generations",
    '{"model":"a","output_format":"svg","svg":{"model":"b"}}',
    "svg.model",
    "second model",
  ],
  [
    "messages",
    '{"model":"a","messages":[{"content":[{"type":"tool_addition","tool":{"file_id":"f"}}]}]}',
    "file_id",
    "stored",
  ],
];
test.each(REFUSED)("%s refuses %s", async (endpoint, body, param, says) => {
  await expect(scan(endpoint, body)).rejects.toMatchObject({
    status: 400,
    param,
    message: expect.stringContaining(says),
  });
});

const FREE_FORM: [EndpointName, string][] = [
  [
    "chat.completions",
    '"tools":[{"type":"function","function":{"parameters":{"properties":{"file_id":{"type":"string"},"container":"x"}}}}]',
  ],
  [
    "chat.completions",
    '"metadata":{"file_id":"x"},"response_format":{"json_schema":{"schema":{"properties":{"cached_content":{}}}}}',
  ],
  [
    "responses",
    '"tools":[{"type":"function","parameters":{"properties":{"vector_store_ids":{}}}}],"metadata":{"conversation_id":"x"}',
  ],
  [
    "responses",
    '"input":[{"role":"assistant","content":[{"type":"output_text","annotations":[{"type":"file_citation","file_id":"f"}]}]}]',
  ],
  [
    "messages",
    '"messages":[{"content":[{"type":"tool_use","input":{"file_id":"x","container":"c"}}]}],"tools":[{"name":"f","input_schema":{"properties":{"file_id":{}}}}]',
  ],
  [
    "messages",
    '"messages":[{"content":[{"type":"code_execution_tool_result","content":{"content":[{"type":"code_execution_output","file_id":"x"}]}}]}]',
  ],
  [
    "gemini.generateContent",
    '"contents":[{"parts":[{"functionCall":{"args":{"fileUri":"x"}}},{"functionResponse":{"response":{"file_id":"x"}}}]}],"tools":[{"function_declarations":[{"parameters":{"properties":{"file_id":{}}}}]}]',
  ],
  ...[
    '{"type":"tool_addition","tool":{"type":"tool_definition","definition":{"name":"f","input_schema":{"properties":{"file_id":{}}}}}}',
    '{"type":"compaction","tool_changes":[{"type":"tool_addition","tool":{"type":"tool_definition","definition":{"name":"f","input_schema":{"properties":{"conversation_id":{}}}}}}]}',
    '{"type":"mcp_tool_listing","mcp_server_name":"m","tools":[{"name":"f","input_schema":{"properties":{"file_id":{}}}}]}',
  ].map((block): [EndpointName, string] => ["messages", `"messages":[{"content":[${block}]}]`]),
  [
    "messages",
    '"tools":[{"type":"mcp_toolset","mcp_server_name":"m","tools":[{"name":"f","input_schema":{"properties":{"file_id":{}}}}]}]',
  ],
  [
    "responses",
    '"input":[{"type":"configuration_update","tools":[{"type":"function","name":"f","parameters":{"properties":{"file_id":{}}}}]},{"type":"configuration_update","configuration":{"tools":[{"type":"function","parameters":{"properties":{"conversation_id":{}}}}]}}]',
  ],
  [
    "gemini.generateContent",
    '"generationConfig":{"responseSchema":{"properties":{"fileUri":{"type":"STRING"}}}}',
  ],
];
test.each(FREE_FORM)(
  "%s: what callers, tools and models make up may use any name: %s",
  async (endpoint, body) => {
    await scan(endpoint, `{${endpoint.startsWith("gemini") ? "" : '"model":"m",'}${body}}`);
  },
);

/** Where a tool can be defined other than in `tools`; each type is run by the provider. */
const NESTED_TOOLS: [EndpointName, string, string[]][] = [
  [
    "messages",
    '"messages":[{"role":"system","content":[{"type":"tool_addition","tool":{"type":"tool_definition","definition":{"type":"advisor_20260301","model":"b"}}}]}]',
    ["advisor_20260301"],
  ],
  [
    "messages",
    '"messages":[{"content":[{"type":"tool_addition","tool":{"type":"web_search_20260209"}}]}]',
    ["web_search_20260209"],
  ],
  [
    "messages",
    '"messages":[{"content":[{"type":"compaction","tool_changes":[{"type":"tool_addition","tool":{"definition":{"type":"code_execution_20250825"}}}]}]}]',
    ["code_execution_20250825"],
  ],
  [
    "messages",
    '"system":[{"type":"text","text":"x"},{"type":"later","changes":{"tools":[{"type":"web_fetch_20260209"},{"type":"bash_20250124"}]}}]',
    ["web_fetch_20260209"],
  ],
  [
    "responses",
    '"input":[{"type":"configuration_update","configuration":{"tools":[{"type":"code_interpreter"}]}}]',
    ["code_interpreter"],
  ],
  ["chat.completions", '"session":{"tools":[{"type":"web_search"}]}', ["web_search"]],
];
test.each(NESTED_TOOLS)(
  "%s: a tool counts wherever it is defined: %s",
  async (endpoint, body, tools) => {
    expect((await scan(endpoint, `{"model":"m",${body}}`)).tools).toEqual(tools);
  },
);

test("a response to compare with is a reference to a stored one", async () => {
  const body = '{"model":"m","prompt_cache_options":{"comparison_response_id":"resp_1"}}';
  expect(await scan("responses", body)).toMatchObject({ comparedResponseId: "resp_1" });
  await expect(
    scan("responses", body.replace("comparison_response_id", "vector_store_id")),
  ).rejects.toMatchObject({ param: "vector_store_id" });
});

test.each(["null", "[]", '"text"', "1", "true", " \n null", '[{"contents":[]}]'])(
  "a Gemini body of %s is rejected",
  async (body) => {
    for (const endpoint of [
      "gemini.generateContent",
      "gemini.countTokens",
      "gemini.embedContent",
    ] as const)
      await expect(scan(endpoint, body)).rejects.toMatchObject({
        status: 400,
        message: expect.stringContaining("must be a JSON object"),
      });
  },
);
