/** Examples of the reference. The bodies are the providers' own; ids and figures are made up and add up. */
const question = "Name one moon of Mars.";

export const chatRequest = {
  model: "claude-sonnet-5-5",
  messages: [{ role: "user", content: question }],
  max_completion_tokens: 200,
};
export const chatResponse = {
  id: "chatcmpl_8Vx2",
  object: "chat.completion",
  model: "claude-sonnet-5-5",
  choices: [
    { index: 0, message: { role: "assistant", content: "Phobos." }, finish_reason: "stop" },
  ],
  usage: { prompt_tokens: 14, completion_tokens: 6, total_tokens: 20 },
};

export const responsesRequest = {
  model: "gpt-6-luna",
  input: question,
  max_output_tokens: 200,
  store: false,
};
export const responsesResponse = {
  id: "resp_68af1c",
  object: "response",
  status: "completed",
  model: "gpt-6-luna",
  output: [
    {
      type: "message",
      role: "assistant",
      content: [{ type: "output_text", text: "Phobos.", annotations: [] }],
    },
  ],
  usage: { input_tokens: 13, output_tokens: 6, total_tokens: 19 },
};
export const compactResponse = {
  id: "resp_68af1d",
  object: "response.compaction",
  output: [{ type: "compaction", encrypted_content: "gAAAAAB…" }],
  usage: { input_tokens: 13, output_tokens: 24, total_tokens: 37 },
};

export const embeddingsResponse = {
  object: "list",
  model: "text-embedding-3-small",
  data: [{ object: "embedding", index: 0, embedding: [0.0123, -0.0456] }],
  usage: { prompt_tokens: 3, total_tokens: 3 },
};
export const imagesResponse = {
  created: 1_795_528_321,
  data: [{ b64_json: "iVBORw0KGgo…" }],
  usage: { input_tokens: 9, output_tokens: 1056, total_tokens: 1065 },
};
export const moderationResponse = {
  id: "modr-3f0a",
  model: "omni-moderation-latest",
  results: [{ flagged: false, categories: { violence: false } }],
};

export const messagesRequest = {
  model: "claude-sonnet-5-5",
  max_tokens: 200,
  messages: [{ role: "user", content: question }],
};
export const messagesResponse = {
  id: "msg_01Xq",
  type: "message",
  role: "assistant",
  model: "claude-sonnet-5-5",
  content: [{ type: "text", text: "Phobos." }],
  stop_reason: "end_turn",
  usage: { input_tokens: 14, output_tokens: 6 },
};

export const geminiRequest = { contents: [{ parts: [{ text: question }] }] };
export const geminiResponse = {
  candidates: [
    { content: { role: "model", parts: [{ text: "Phobos." }] }, finishReason: "STOP", index: 0 },
  ],
  usageMetadata: { promptTokenCount: 7, candidatesTokenCount: 3, totalTokenCount: 10 },
};

export const creditsResponse = {
  credits: "87.931248000",
  credits_nano: 87_931_248_000,
  held: "0.170000000",
  held_nano: 170_000_000,
  free_requests: 0,
};
export const quoteResponse = {
  object: "quote",
  model: "gpt-6-luna",
  provider: "openai",
  endpoint: "responses",
  max_cost: "0.000286000",
  max_cost_nano: 286_000,
  expected_cost: "0.000252000",
  expected_cost_nano: 252_000,
  unbounded: false,
  service_tier: null,
  rates: {
    input: "0.500000000",
    output: "1.000000000",
    cache_read: "0.050000000",
    cache_write_5m: "0.625000000",
    cache_write_1h: "1.250000000",
  },
  catalog_version: "2026-11-24",
  output_limit: 200,
  output_limit_that_fits: 128_000,
  accepted: true,
  free: false,
  refusal: null,
  balance: {
    credits: "87.931248000",
    credits_nano: 87_931_248_000,
    held: "0.000000000",
    held_nano: 0,
    free_requests: 0,
    free_credits: "0.000000000",
    free_credits_nano: 0,
  },
  limits: {
    account_requests_per_minute: { limit: 3_000, remaining: 2_998 },
    account_requests_in_flight: { limit: 500, remaining: 500 },
    project_requests_per_minute: null,
    project_credits_per_month: null,
  },
};
export const usageRow = {
  id: "req_1bG7mXe5UaS9dRh2KfQ6Zc",
  at: "2026-11-24T14:32:01.412Z",
  user: "usr_Zk3Vt8QmB1",
  project: "prj_7Hf2LpXw9c",
  key: "key_9sLm2Qx4Vt",
  model: "claude-sonnet-5-5",
  provider: "anthropic",
  endpoint: "chat.completions",
  stream: false,
  status: 200,
  ended_by: "complete",
  tokens: {
    input: 14,
    cache_read: 0,
    cache_write_5m: 0,
    cache_write_1h: 0,
    output: 6,
    reasoning: 0,
  },
  cost: "0.000088000",
  cost_nano: 88_000,
  free: false,
  latency_ms: 812,
  first_byte_ms: 640,
  usage_source: "provider",
  catalog_version: "2026-11-24",
};
export const openAIModel = {
  id: "claude-sonnet-5-5",
  object: "model",
  created: 1_787_788_800,
  owned_by: "anthropic",
  shutdown_date: null,
  retires: null,
  replaced_by: null,
};
export const geminiModel = {
  name: "models/gemini-3.8-flash",
  displayName: "Gemini 3.8 Flash",
  inputTokenLimit: 1_048_576,
  outputTokenLimit: 65_536,
  supportedGenerationMethods: ["generateContent", "streamGenerateContent", "countTokens"],
  retires: null,
  replaced_by: null,
};
