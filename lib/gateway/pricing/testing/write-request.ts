import type { PlannedMedium, PlannedTool, RequestPlan } from "./random-request";

/** A request as a client sends it. */
export interface WrittenRequest {
  path: string;
  body: Buffer;
  contentType: string;
}

type Json = Record<string, unknown>;

/** The request of a plan in the dialect of its endpoint. */
export async function writeRequest(plan: RequestPlan): Promise<WrittenRequest> {
  const { endpoint, model } = plan;
  if (endpoint === "audio.transcriptions" || endpoint === "images.edits") return writeForm(plan);
  const [path, body] = ((): [string, Json] => {
    switch (endpoint) {
      case "chat.completions":
        return ["/v1/chat/completions", chatBody(plan)];
      case "responses":
        return ["/v1/responses", responsesBody(plan)];
      case "responses.compact":
        return ["/v1/responses/compact", responsesBody({ ...plan, isStreamed: false })];
      case "messages":
        return ["/v1/messages", messagesBody(plan)];
      case "embeddings":
        return ["/v1/embeddings", { model: model.id, input: [plan.text, "x"] }];
      case "images.generations":
        return ["/v1/images/generations", { model: model.id, prompt: plan.text, n: plan.choices }];
      case "audio.speech":
        return ["/v1/audio/speech", { model: model.id, input: plan.text, voice: "alloy" }];
      case "gemini.embedContent":
      case "gemini.batchEmbedContents": {
        const content = { parts: [{ text: plan.text }, ...plan.media.map(geminiMedium)] };
        const isBatch = endpoint === "gemini.batchEmbedContents";
        return [
          `/v1beta/models/${model.id}:${isBatch ? "batchEmbedContents" : "embedContent"}`,
          isBatch ? { requests: [{ model: `models/${model.id}`, content }] } : { content },
        ];
      }
      case "gemini.streamGenerateContent":
        return [`/v1beta/models/${model.id}:streamGenerateContent`, geminiBody(plan)];
      default:
        return [`/v1beta/models/${model.id}:generateContent`, geminiBody(plan)];
    }
  })();
  return { path, body: Buffer.from(JSON.stringify(body)), contentType: "application/json" };
}

const withoutNulls = (fields: Json): Json =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));

/** The file of a medium: a PNG where it is an image, so that its header states its size. */
function fileOf({ bytes, width, height }: PlannedMedium): Buffer {
  const file = Buffer.alloc(Math.max(48, bytes), 7);
  Buffer.from("89504e470d0a1a0a0000000d49484452", "hex").copy(file);
  file.writeUInt32BE(width, 16);
  file.writeUInt32BE(height, 20);
  return width > 0 && height > 0 ? file : file.fill(7);
}
const MEDIA_TYPES = {
  image: "image/png",
  audio: "audio/wav",
  document: "application/pdf",
  video: "video/mp4",
};
const base64Of = (medium: PlannedMedium) => fileOf(medium).toString("base64");
const urlOf = (medium: PlannedMedium) =>
  medium.isUrl
    ? `https://files.example/${medium.kind}`
    : `data:${MEDIA_TYPES[medium.kind]};base64,${base64Of(medium)}`;

function chatPart(medium: PlannedMedium): Json {
  switch (medium.kind) {
    case "image":
      return { type: "image_url", image_url: { url: urlOf(medium), detail: medium.detail } };
    case "audio":
      return { type: "input_audio", input_audio: { data: base64Of(medium), format: "wav" } };
    case "document":
      return {
        type: "file",
        file: { filename: "a.pdf", file_data: urlOf({ ...medium, isUrl: false }) },
      };
    case "video":
      return { type: "video_url", video_url: { url: urlOf(medium) } };
  }
}

const functionSchema = { type: "object", properties: { file_id: { type: "string" } } };

function chatBody(plan: RequestPlan): Json {
  const { model, text, limit, choices, isStreamed, media, tools, tier, prediction } = plan;
  const functions = tools.filter(({ kind }) => kind === "function");
  return withoutNulls({
    model: model.id,
    n: choices,
    stream: isStreamed,
    service_tier: tier,
    max_completion_tokens: limit,
    messages: [{ role: "user", content: [{ type: "text", text }, ...media.map(chatPart)] }],
    tools: functions.map((_, i) => ({
      type: "function",
      function: { name: `f${i}`, parameters: functionSchema },
    })),
    prediction: prediction === null ? null : { type: "content", content: prediction },
    prompt_cache_options: plan.caching === "long" ? { ttl: "12h" } : null,
  });
}

function responsesTool({ kind }: PlannedTool, i: number): Json {
  switch (kind) {
    case "function":
      return { type: "function", name: `f${i}`, parameters: functionSchema };
    case "search":
      return { type: "web_search" };
    case "fetch":
      return { type: "x_search" };
    case "server":
      return { type: "mcp", server_label: `s${i}`, server_url: "https://mcp.example" };
    case "code":
      return { type: "code_interpreter" };
    case "computer":
      return { type: "computer_use_preview", display_width: 800, display_height: 600 };
  }
}

/** Tools that the provider does not offer are left out, so that most requests are priced. */
const offers: Record<string, readonly PlannedTool["kind"][]> = {
  openai: ["function", "search", "server", "computer"],
  xai: ["function", "search", "fetch", "server", "code"],
};
export const offeredTools = ({ model, tools }: RequestPlan): PlannedTool[] =>
  tools.filter(({ kind }) => offers[model.provider]?.includes(kind) ?? true);

function responsesBody(plan: RequestPlan): Json {
  const { model, text, limit, isStreamed, media, maxToolCalls, tier, caching } = plan;
  const image = (medium: PlannedMedium): Json =>
    medium.kind === "image"
      ? { type: "input_image", image_url: urlOf(medium), detail: medium.detail }
      : { type: "input_file", filename: "a.pdf", file_data: urlOf({ ...medium, isUrl: false }) };
  return withoutNulls({
    model: model.id,
    stream: isStreamed,
    service_tier: tier,
    max_output_tokens: limit,
    input: [{ role: "user", content: [{ type: "input_text", text }, ...media.map(image)] }],
    tools: offeredTools(plan).map(responsesTool),
    max_tool_calls: maxToolCalls,
    prompt_cache_options: caching === "long" ? { ttl: "12h" } : null,
    previous_response_id: plan.isContinued ? "resp_1" : null,
    context_management: plan.isCompacting
      ? [{ type: "compaction", compact_threshold: 2_000 }]
      : null,
  });
}

const messagesTool = ({ kind, maxUses, maxContentTokens }: PlannedTool, i: number): Json =>
  withoutNulls(
    {
      function: { name: `f${i}`, input_schema: functionSchema },
      search: { type: "web_search_20250305", name: "web_search", max_uses: maxUses },
      fetch: {
        type: "web_fetch_20260318",
        name: "web_fetch",
        max_uses: maxUses,
        max_content_tokens: maxContentTokens,
      },
      server: { type: "mcp_toolset", mcp_server_name: `s${i}` },
      code: { type: "tool_search_tool_regex", name: "tool_search" },
      computer: { type: "computer_20251124", name: "computer" },
    }[kind],
  );

function messagesBody(plan: RequestPlan): Json {
  const { model, text, limit, isStreamed, media, tools, tier, speed, geo, caching } = plan;
  const mark = { type: "ephemeral", ttl: caching === "long" ? "1h" : "5m" };
  const block = (medium: PlannedMedium): Json => ({
    type: medium.kind === "image" ? "image" : "document",
    source: medium.isUrl
      ? { type: "url", url: urlOf(medium) }
      : { type: "base64", media_type: MEDIA_TYPES[medium.kind], data: base64Of(medium) },
  });
  return withoutNulls({
    model: model.id,
    stream: isStreamed,
    service_tier: tier,
    speed,
    inference_geo: geo,
    max_tokens: limit ?? model.maxOutput,
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text, ...(caching === "none" ? {} : { cache_control: mark }) },
          ...media.map(block),
        ],
      },
    ],
    tools: tools.map(messagesTool),
    context_management: plan.isCompacting ? { edits: [{ type: "compact_20260112" }] } : null,
  });
}

const geminiMedium = (medium: PlannedMedium): Json =>
  medium.isUrl
    ? { fileData: { mimeType: MEDIA_TYPES[medium.kind], fileUri: urlOf(medium) } }
    : { inlineData: { mimeType: MEDIA_TYPES[medium.kind], data: base64Of(medium) } };

function geminiBody({ text, limit, choices, media, tools, tier }: RequestPlan): Json {
  const names: Record<PlannedTool["kind"], Json> = {
    function: { functionDeclarations: [{ name: "f", parameters: functionSchema }] },
    search: { googleSearch: {} },
    fetch: { urlContext: {} },
    server: { urlContext: {} },
    code: { codeExecution: {} },
    computer: { computerUse: {} },
  };
  return withoutNulls({
    contents: [{ role: "user", parts: [{ text }, ...media.map(geminiMedium)] }],
    generationConfig: withoutNulls({ candidateCount: choices, maxOutputTokens: limit }),
    tools: tools.map(({ kind }) => names[kind]),
    serviceTier: tier,
  });
}

async function writeForm({
  model,
  endpoint,
  text,
  choices,
  media,
}: RequestPlan): Promise<WrittenRequest> {
  const isEdit = endpoint === "images.edits";
  const form = new FormData();
  form.set("model", model.id);
  if (isEdit) form.set("n", String(choices));
  form.set("prompt", text);
  for (const medium of media.slice(0, isEdit ? undefined : 1))
    form.append(isEdit ? "image[]" : "file", new File([new Uint8Array(fileOf(medium))], "file"));
  const response = new Response(form);
  return {
    path: isEdit ? "/v1/images/edits" : "/v1/audio/transcriptions",
    body: Buffer.from(await response.arrayBuffer()),
    contentType: response.headers.get("content-type") ?? "",
  };
}
