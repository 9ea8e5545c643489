import { onceObject, onceText, onceWhole, refuse, type Draft, type DraftPlace } from "./draft";
import { blob } from "./media";
import { asksFor, outputLimit, root } from "./openai-rules";
import { fields } from "./field-rules";
import { anywhere, fileUri, FREE, shape } from "./stored-fields";

/** Google reads each field by its camelCase and its snake_case name: https://protobuf.dev/programming-guides/json/ */
const bothNames = (
  named: Record<string, DraftPlace | undefined>,
): Record<string, DraftPlace | undefined> =>
  Object.fromEntries(
    Object.entries(named).flatMap(([name, place]) => [
      [name, place],
      [name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`), place],
    ]),
  );

const part: DraftPlace = {};
const parts: DraftPlace = { items: part };
Object.assign(
  part,
  shape(
    bothNames({
      inlineData: blob,
      fileData: shape({ fileUri: fileUri("fileUri"), file_uri: fileUri("file_uri") }),
      functionResponse: shape({ response: FREE, parts }),
      ...{ functionCall: FREE, toolCall: FREE, toolResponse: FREE, partMetadata: FREE },
      ...{ executableCode: FREE, codeExecutionResult: FREE },
    }),
  ),
);
const content = shape({ parts });

const TOOLS = [
  ...[
    "googleSearch",
    "googleSearchRetrieval",
    "enterpriseWebSearch",
    "googleMaps",
    "urlContext",
    "codeExecution",
  ],
  ...["fileSearch", "computerUse", "retrieval", "exaAiSearch", "parallelAiSearch", "mcpServers"],
];
const tool: DraftPlace = {
  fields: fields(
    bothNames({
      functionDeclarations: FREE,
      ...Object.fromEntries(TOOLS.map((name) => [name, asksFor(name)])),
    }),
    asksFor("?"),
  ),
  items: anywhere,
};

const generationConfig = onceObject(
  "generationConfig",
  fields(
    bothNames({
      // Zero is how this dialect writes "not set", so it is no limit.
      maxOutputTokens: outputLimit("generationConfig.maxOutputTokens"),
      candidateCount: onceWhole(
        "generationConfig.candidateCount",
        { least: 1, most: 128 },
        ({ scan }, value) => {
          scan.choices = value;
        },
      ),
      ...{ responseSchema: FREE, responseJsonSchema: FREE, _responseJsonSchema: FREE },
    }),
    anywhere,
  ),
);

const checkModel = (draft: Draft, text: string) => {
  if (
    draft.pathModel !== undefined &&
    text.replace(/^models\//, "") !== draft.pathModel.replace(/^models\//, "")
  )
    refuse(
      "model",
      "The model in the body is not the one in the path: name the same one, or leave it out of the body.",
    );
};
const model = onceText("model", checkModel);

const serviceTier = onceText("serviceTier", ({ scan }, text) => (scan.serviceTier = text));

export const generate: DraftPlace = {};
const request = bothNames({
  model,
  generationConfig,
  serviceTier,
  contents: { ...content, items: content },
  content,
  systemInstruction: content,
  tools: { ...tool, items: tool },
  labels: FREE,
  // embedContent in a batch, and countTokens of a whole request.
  requests: { items: shape({ model, content }) },
  generateContentRequest: generate,
});
Object.assign(generate, root({ ...request, stream: anywhere }));
generate.on = (token) => {
  if (token.kind !== "object" && token.kind !== "null")
    refuse("body", "The body must be a JSON object.");
};
