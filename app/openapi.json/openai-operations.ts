import type { EndpointName } from "@/lib/catalog/schema";
import { exampleModel } from "./example-model";
import * as example from "./examples";
import { model, serviceTier, stream, tools, type OperationText } from "./operation-text";
import { chatStream, responsesStream } from "./stream-examples";

const PLATFORM = "https://platform.openai.com/docs/api-reference";

/** What the reference says of the endpoints in OpenAI's dialect. */
export const openAIOperations = {
  "chat.completions": {
    title: "Create a chat completion",
    description:
      "Sends a conversation to any text model of any provider and returns its response, in one piece or as a stream.",
    reference: `${PLATFORM}/chat/create`,
    fields: [
      model,
      {
        name: "messages",
        type: "array",
        required: true,
        description:
          "The conversation. Images and files in it are held for at the provider's published maximum.",
      },
      {
        name: "max_completion_tokens",
        type: "integer",
        description:
          "Output tokens at most. It bounds the hold; without it the model's own maximum is held. `max_tokens` is read too.",
      },
      {
        name: "n",
        type: "integer",
        description: "Number of choices. The output that is held is multiplied by it. Default 1.",
      },
      stream,
      {
        name: "stream_options.include_usage",
        type: "boolean",
        description:
          "Asks the provider to state usage in the last chunk. Without it the cost of a stream is estimated.",
      },
      serviceTier,
      tools,
    ],
    request: example.chatRequest,
    response: example.chatResponse,
    stream: chatStream,
  },
  responses: {
    title: "Create a response",
    description:
      "OpenAI's responses API, for the models of OpenAI and xAI. A response that is stored can be named by `previous_response_id`, by the account that created it only.",
    reference: `${PLATFORM}/responses/create`,
    fields: [
      model,
      { name: "input", type: "string", required: true, description: "Text, or an array of items." },
      {
        name: "max_output_tokens",
        type: "integer",
        description: "Output tokens at most, with reasoning. It bounds the hold.",
      },
      stream,
      {
        name: "store",
        type: "boolean",
        description: "Whether the provider stores the response. Default true; send false for none.",
      },
      {
        name: "previous_response_id",
        type: "string",
        description:
          "A stored response of this account. Its input is added by the provider, so the context window is held.",
      },
      serviceTier,
      tools,
    ],
    request: example.responsesRequest,
    response: example.responsesResponse,
    stream: responsesStream,
  },
  "responses.input_tokens": {
    title: "Count the input tokens of a response",
    description: "Counts the input of a responses request without running it. Costs nothing.",
    reference: `${PLATFORM}/responses/input-tokens`,
    fields: [
      model,
      { name: "input", type: "string", required: true, description: "Text, or an array of items." },
    ],
    request: { model: "gpt-6-luna", input: "Name one moon of Mars." },
    response: { object: "response.input_tokens", input_tokens: 13 },
  },
  "responses.compact": {
    title: "Compact a conversation",
    description: "Returns a shorter form of a conversation, for the next responses request.",
    reference: `${PLATFORM}/responses/compact`,
    fields: [
      model,
      { name: "input", type: "array", required: true, description: "The items to compact." },
    ],
    request: {
      model: "gpt-6.1-sol",
      input: [{ role: "user", content: "Name one moon of Mars." }],
    },
    response: example.compactResponse,
  },
  embeddings: {
    title: "Create embeddings",
    description: "Turns texts into vectors, with the models of OpenAI and Google.",
    reference: `${PLATFORM}/embeddings/create`,
    fields: [
      model,
      {
        name: "input",
        type: "string",
        required: true,
        description: "A text, or an array of texts.",
      },
      { name: "dimensions", type: "integer", description: "Length of the vectors." },
    ],
    request: { model: "text-embedding-3-small", input: "Phobos" },
    response: example.embeddingsResponse,
  },
  "images.generations": {
    title: "Generate images",
    description: "Makes images from a prompt, with the models of OpenAI and xAI.",
    reference: `${PLATFORM}/images/create`,
    fields: [
      model,
      { name: "prompt", type: "string", required: true, description: "What to draw." },
      { name: "n", type: "integer", description: "Number of images, which the hold counts." },
      { name: "size", type: "string", description: "Size, which decides the hold." },
      { name: "quality", type: "string", description: "Quality, which decides the hold." },
    ],
    request: { model: "gpt-image-2", prompt: "A lighthouse at dusk", size: "1024x1024" },
    response: example.imagesResponse,
  },
  "images.edits": {
    title: "Edit images",
    description:
      "Changes images by a prompt, with the models of OpenAI and xAI. The body is a form or JSON; xAI takes JSON and charges each image that is sent.",
    reference: `${PLATFORM}/images/createEdit`,
    fields: [
      model,
      { name: "image", type: "file", required: true, description: "The image to change." },
      { name: "prompt", type: "string", required: true, description: "What to change." },
      { name: "n", type: "integer", description: "Number of images, which the hold counts." },
    ],
    request: { model: "gpt-image-2", image: "@lighthouse.png", prompt: "Make it night" },
    response: example.imagesResponse,
  },
  "audio.speech": {
    title: "Create speech",
    description:
      "Reads a text aloud. The response is audio. It states no usage, so the cost by tokens is an estimate.",
    reference: `${PLATFORM}/audio/createSpeech`,
    fields: [
      model,
      { name: "input", type: "string", required: true, description: "The text to read." },
      { name: "voice", type: "string", required: true, description: "The voice." },
    ],
    request: {
      model: exampleModel("audio.speech"),
      voice: "alloy",
      input: "Phobos is a moon of Mars.",
    },
    response: "(audio/mpeg)",
  },
  "audio.transcriptions": {
    title: "Transcribe audio",
    description: "Writes down what is said in an audio file. The body is a form.",
    reference: `${PLATFORM}/audio/createTranscription`,
    fields: [
      model,
      { name: "file", type: "file", required: true, description: "The audio file." },
      {
        name: "response_format",
        type: "string",
        description: "Format of the transcription. Plain text and subtitles state no usage.",
      },
    ],
    request: { model: "gpt-transcribe", file: "@hello.mp3" },
    response: { text: "Phobos is a moon of Mars.", usage: { type: "tokens", total_tokens: 34 } },
  },
  "audio.translations": {
    title: "Translate audio into English",
    description:
      "Writes down in English what is said in an audio file. The body is a form. The response states no usage unless its format is verbose_json, so the length is else an estimate.",
    reference: `${PLATFORM}/audio/createTranslation`,
    fields: [
      model,
      { name: "file", type: "file", required: true, description: "The audio file." },
      { name: "response_format", type: "string", description: "Format of the translation." },
    ],
    request: { model: exampleModel("audio.translations"), file: "@hello.mp3" },
    response: { text: "Phobos is a moon of Mars." },
  },
  tts: {
    title: "Create speech (xAI)",
    description:
      "Reads a text aloud with xAI's voices. The response is audio. It is charged by the characters of the text, and needs no model.",
    reference: "https://docs.x.ai/developers/rest-api-reference/inference/voice",
    fields: [
      { name: "text", type: "string", required: true, description: "The text to read." },
      { name: "language", type: "string", required: true, description: "Its language, or auto." },
      { name: "voice_id", type: "string", description: "One of xAI's own voices." },
    ],
    request: { text: "Phobos is a moon of Mars.", language: "en", voice_id: "eve" },
    response: "(audio/mpeg)",
  },
  stt: {
    title: "Transcribe audio (xAI)",
    description:
      "Writes down what is said in an audio file. The body is a form whose last field is the file. It is charged by the length that the response states, and needs no model.",
    reference: "https://docs.x.ai/developers/rest-api-reference/inference/speech-to-text",
    fields: [
      { name: "file", type: "file", required: true, description: "The audio file." },
      { name: "language", type: "string", description: "The language of the audio." },
    ],
    request: { language: "en", file: "@hello.mp3" },
    response: { text: "Phobos is a moon of Mars.", language: "", duration: 2.4 },
  },
  moderations: {
    title: "Check content",
    description: "Classifies texts and images by OpenAI's content policy. Costs nothing.",
    reference: `${PLATFORM}/moderations/create`,
    fields: [
      model,
      {
        name: "input",
        type: "string",
        required: true,
        description: "A text, or an array of parts.",
      },
    ],
    request: { model: "omni-moderation-latest", input: "Phobos" },
    response: example.moderationResponse,
  },
  decisions: {
    title: "Answer questions with probabilities",
    description:
      "OpenAI's decisions: typed questions about one input, with a probability for each option. Only input is charged, at the rate of the model's decisions.",
    reference: "https://developers.openai.com/api/reference/resources/decisions/methods/create",
    fields: [
      model,
      {
        name: "input",
        type: "string",
        required: true,
        description: "A text, or messages, calls and outputs, that every question is about.",
      },
      {
        name: "questions",
        type: "array",
        required: true,
        description: "The questions: predicate, choice or score. The answers keep their order.",
      },
    ],
    request: {
      model: "gpt-6-luna",
      input: "Please cancel my order.",
      questions: [{ type: "predicate", instructions: "The customer wants to cancel." }],
    },
    response: example.decisionResponse,
  },
} satisfies Partial<Record<EndpointName, OperationText>>;
