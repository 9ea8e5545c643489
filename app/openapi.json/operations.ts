import type { EndpointName } from "@/lib/catalog/schema";
import * as example from "./examples";
import { openAIOperations } from "./openai-operations";
import {
  model,
  serviceTier,
  stream,
  tools,
  type BodyField,
  type OperationText,
} from "./operation-text";
import { geminiStream, interactionStream, messagesStream } from "./stream-examples";

const CLAUDE = "https://platform.claude.com/docs/en/api";
const GEMINI = "https://ai.google.dev/api";

/** Every endpoint that is passed through. */
export const operationTexts: Record<EndpointName, OperationText> = {
  ...openAIOperations,
  messages: {
    title: "Create a message",
    description:
      "Anthropic's messages API, for Claude models. `anthropic-version` and `anthropic-beta` pass through unchanged.",
    reference: `${CLAUDE}/messages`,
    fields: [
      model,
      {
        name: "max_tokens",
        type: "integer",
        required: true,
        description: "Output tokens at most, with thinking. It bounds the hold.",
      },
      { name: "messages", type: "array", required: true, description: "The conversation." },
      {
        name: "system",
        type: "string",
        description: "The system prompt: text, or an array of blocks with cache markers.",
      },
      stream,
      serviceTier,
      {
        name: "tools",
        type: "array",
        description:
          "Tools of yours pass through. For a tool that Anthropic runs, `max_uses` bounds the hold; without it ten calls are held.",
      },
    ],
    request: example.messagesRequest,
    response: example.messagesResponse,
    stream: messagesStream,
  },
  "messages.count_tokens": {
    title: "Count the tokens of a message",
    description: "Counts the input of a message without running it. Costs nothing.",
    reference: `${CLAUDE}/messages-count-tokens`,
    fields: [
      model,
      { name: "messages", type: "array", required: true, description: "The conversation." },
    ],
    request: {
      model: "claude-sonnet-5-5",
      messages: [{ role: "user", content: "Name one moon of Mars." }],
    },
    response: { input_tokens: 14 },
  },
  "gemini.generateContent": {
    title: "Generate content",
    description:
      "Google's own dialect, for Gemini models. The model is in the path. `/v1/models/…` is served too.",
    reference: `${GEMINI}/generate-content`,
    fields: geminiFields(),
    request: example.geminiRequest,
    response: example.geminiResponse,
  },
  "gemini.streamGenerateContent": {
    title: "Stream generated content",
    description: "The same as a stream. `?alt=sse` gives server-sent events, else a JSON array.",
    reference: `${GEMINI}/generate-content`,
    fields: geminiFields(),
    request: example.geminiRequest,
    response: [example.geminiResponse],
    stream: geminiStream,
  },
  "gemini.countTokens": {
    title: "Count tokens",
    description: "Counts the input of a Gemini request without running it. Costs nothing.",
    reference: `${GEMINI}/tokens`,
    fields: [{ name: "contents", type: "array", description: "The conversation." }],
    request: example.geminiRequest,
    response: { totalTokens: 7 },
  },
  "gemini.embedContent": {
    title: "Embed content",
    description: "Turns a text into a vector.",
    reference: `${GEMINI}/embeddings`,
    fields: [{ name: "content", type: "object", required: true, description: "The text." }],
    request: { content: { parts: [{ text: "Phobos" }] } },
    response: { embedding: { values: [0.0123, -0.0456] } },
  },
  "gemini.batchEmbedContents": {
    title: "Embed several contents",
    description: "Turns several texts into vectors in one request.",
    reference: `${GEMINI}/embeddings`,
    fields: [
      {
        name: "requests",
        type: "array",
        required: true,
        description: "The texts, each with its model.",
      },
    ],
    request: {
      requests: [
        { model: "models/gemini-embedding-001", content: { parts: [{ text: "Phobos" }] } },
      ],
    },
    response: { embeddings: [{ values: [0.0123, -0.0456] }] },
  },
  "gemini.interactions": {
    title: "Create an interaction",
    description:
      "Google's interactions, for Gemini models. Google stores an interaction unless `store` is false, so only that is served: `previous_interaction_id`, `background`, agents and environments are rejected with what to send instead.",
    reference: "https://ai.google.dev/gemini-api/docs/interactions",
    fields: [
      model,
      {
        name: "input",
        type: "string",
        required: true,
        description: "A text, content blocks, or the steps of the conversation.",
      },
      { name: "store", type: "boolean", required: true, description: "Must be false." },
      stream,
      {
        name: "generation_config.max_output_tokens",
        type: "integer",
        description: "Output tokens at most, with thinking. It bounds the hold.",
      },
      serviceTier,
      tools,
    ],
    request: { model: "gemini-3.8-flash", input: "Name one moon of Mars.", store: false },
    response: example.interactionResponse,
    stream: interactionStream,
  },
  "gemini.decisions": {
    title: "Answer questions with probabilities",
    description:
      "Google's decisions: typed questions about one input, with a probability for each option. Only input is charged.",
    reference: "https://ai.google.dev/gemini-api/docs/decisions",
    fields: [
      model,
      {
        name: "input",
        type: "string",
        required: true,
        description: "A text, or content blocks, that every question is about.",
      },
      {
        name: "questions",
        type: "object",
        required: true,
        description: "The questions by names that you choose: noul, choice or score.",
      },
    ],
    request: {
      model: "gemini-decision-1",
      input: "Please cancel my order.",
      questions: { cancels: { type: "noul", instructions: "The customer wants to cancel." } },
    },
    response: {
      answers: { cancels: { type: "noul", noul: 0.99, confidence: 0.98 } },
      usage: { total_input_tokens: 21, total_output_tokens: 0, total_tokens: 21 },
    },
  },
};

function geminiFields(): BodyField[] {
  return [
    { name: "contents", type: "array", required: true, description: "The conversation." },
    { name: "systemInstruction", type: "object", description: "The system prompt." },
    {
      name: "generationConfig.maxOutputTokens",
      type: "integer",
      description: "Output tokens at most, with thinking. It bounds the hold.",
    },
    {
      name: "generationConfig.candidateCount",
      type: "integer",
      description: "Number of candidates. The output that is held is multiplied by it.",
    },
    tools,
  ];
}
