import { objectOnce, textOnce, integerOnce, refuse, type ScanDraft, type ScanRule } from "./draft";
import { blob } from "./media";
import { toolRequestRule, outputLimit, rootRule } from "./root-rule";
import { fieldTable } from "./field-rules";
import { anyStructure, fileUriRule, UNCHECKED, objectRule } from "./stored-fields";

/** Google reads each field by its camelCase and its snake_case name: https://protobuf.dev/programming-guides/json/ */
export const bothNames = (
  rules: Record<string, ScanRule | undefined>,
): Record<string, ScanRule | undefined> =>
  Object.fromEntries(
    Object.entries(rules).flatMap(([name, rule]) => [
      [name, rule],
      [name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`), rule],
    ]),
  );

const part: ScanRule = {};
const parts: ScanRule = { items: part };
Object.assign(
  part,
  objectRule(
    bothNames({
      inlineData: blob,
      fileData: objectRule({ fileUri: fileUriRule("fileUri"), file_uri: fileUriRule("file_uri") }),
      functionResponse: objectRule({ response: UNCHECKED, parts }),
      functionCall: UNCHECKED,
      toolCall: UNCHECKED,
      toolResponse: UNCHECKED,
      partMetadata: UNCHECKED,
      executableCode: UNCHECKED,
      codeExecutionResult: UNCHECKED,
    }),
  ),
);
const content = objectRule({ parts });

const TOOLS = [
  "googleSearch",
  "googleSearchRetrieval",
  "enterpriseWebSearch",
  "googleMaps",
  "urlContext",
  "codeExecution",
  "fileSearch",
  "computerUse",
  "retrieval",
  "exaAiSearch",
  "parallelAiSearch",
  "mcpServers",
];
const tool: ScanRule = {
  fields: fieldTable(
    bothNames({
      functionDeclarations: UNCHECKED,
      ...Object.fromEntries(TOOLS.map((name) => [name, toolRequestRule(name)])),
    }),
    toolRequestRule("?"),
  ),
  items: anyStructure,
};

const generationConfig = objectOnce(
  "generationConfig",
  fieldTable(
    bothNames({
      // In this dialect 0 means "not set".
      maxOutputTokens: outputLimit("generationConfig.maxOutputTokens"),
      candidateCount: integerOnce(
        "generationConfig.candidateCount",
        { min: 1, max: 128 },
        ({ scan }, value) => {
          scan.choices = value;
        },
      ),
      responseSchema: UNCHECKED,
      responseJsonSchema: UNCHECKED,
      _responseJsonSchema: UNCHECKED,
    }),
    anyStructure,
  ),
);

const checkModel = (draft: ScanDraft, text: string) => {
  if (
    draft.pathModel !== undefined &&
    text.replace(/^models\//, "") !== draft.pathModel.replace(/^models\//, "")
  )
    refuse(
      "model",
      "The model in the body is not the one in the path. Name the same one, or leave it out of the body.",
    );
};
const model = textOnce("model", checkModel);

const serviceTier = textOnce("serviceTier", ({ scan }, text) => (scan.serviceTier = text));

export const generate: ScanRule = {};
const request = bothNames({
  model,
  generationConfig,
  serviceTier,
  contents: { ...content, items: content },
  content,
  systemInstruction: content,
  tools: { ...tool, items: tool },
  labels: UNCHECKED,
  // embedContent in a batch, and countTokens of a complete request.
  requests: { items: objectRule({ model, content }) },
  generateContentRequest: generate,
});
Object.assign(generate, rootRule({ ...request, stream: anyStructure }));
generate.on = (token) => {
  if (token.kind !== "object" && token.kind !== "null")
    refuse("body", "The body must be a JSON object.");
};
