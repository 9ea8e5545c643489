import { expect, test } from "vitest";
import type { EndpointName } from "@/lib/catalog/schema";
import { promptTexts } from "./prompt-texts";

const STEPS: [EndpointName, object, string[]][] = [
  [
    "gemini.interactions",
    {
      model: "gemini-3.8-flash",
      store: false,
      system_instruction: "Be brief.",
      input: [
        { type: "user_input", content: [{ type: "text", text: "Hello" }] },
        { type: "user_input", content: [{ type: "image", mime_type: "image/png", data: "AAAA" }] },
        { type: "function_call", id: "call_1", name: "look", arguments: { where: "there" } },
        { type: "function_result", call_id: "call_1", result: "nothing" },
      ],
    },
    ["Be brief.", "Hello", "look", "there", "nothing"],
  ],
  [
    "gemini.decisions",
    {
      model: "gemini-decision-1",
      input: "A text",
      questions: { a: { type: "noul", instructions: "Late?" } },
    },
    ["A text", "Late?"],
  ],
  [
    "decisions",
    {
      model: "gpt-6-luna",
      input: [{ role: "user", content: "A text" }],
      questions: [{ type: "choice", instructions: "Which?", choices: [{ value: "one" }] }],
    },
    ["A text", "Which?", "one"],
  ],
];

test.each(STEPS)(
  "the texts of %s are what a model reads, no ids and no media",
  (endpoint, body, texts) => {
    expect(promptTexts(endpoint, JSON.stringify(body))?.texts).toEqual(texts);
  },
);
