import { describe, expect, test } from "vitest";
import type { Provider } from "@/lib/catalog/schema";
import { classifyError, redactAccountIds } from ".";
import { readEnvelope } from "./error-envelope";
import { ANTHROPIC_ERRORS } from "./fixtures/anthropic-errors";
import { GOOGLE_ERRORS } from "./fixtures/google-errors";
import { OPENAI_ERRORS } from "./fixtures/openai-errors";
import { classOf, type ErrorShape } from "./fixtures/shape";
import { XAI_ERRORS } from "./fixtures/xai-errors";

const SHAPES: [Provider, ErrorShape[]][] = [
  ["openai", OPENAI_ERRORS],
  ["anthropic", ANTHROPIC_ERRORS],
  ["google", GOOGLE_ERRORS],
  ["xai", XAI_ERRORS],
];

describe.each(SHAPES)("%s", (provider, shapes) => {
  test("has at least 40 recorded error shapes", () => {
    expect(shapes.length).toBeGreaterThanOrEqual(40);
    expect(new Set(shapes.map(([title]) => title)).size).toBe(shapes.length);
  });

  test.each(shapes)("%s (%i)", (_title, status, body, about, headers = {}) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const error = { status, headers, envelope: readEnvelope(text) };
    expect(classifyError(provider, error)).toEqual(classOf(about));
  });
});

const UUID = "3f0c2b1a-9d8e-4c7b-a6f5-0123456789ab";
const IDS: [Provider, string, string][] = [
  [
    "openai",
    "for gpt-x in organization org-Ab12Cd34Ef56Gh78 on tokens",
    "for gpt-x in organization [redacted] on tokens",
  ],
  ["openai", "Project `proj_Ab12Cd34` has no access", "Project `[redacted]` has no access"],
  ["openai", "key provided: sk-proj-abc*********wxyz.", "key provided: [redacted]."],
  ["anthropic", `your organization (${UUID}) of`, "your organization ([redacted]) of"],
  ["anthropic", `rate limit (org: ${UUID}, model: x)`, "rate limit (org: [redacted], model: x)"],
  ["anthropic", "in wrkspc_01VQLazKdXNe.", "in [redacted]."],
  [
    "google",
    "Consumer 'api_key:AIzaSyA-0123' and projects/123456789",
    "Consumer 'api_key:[redacted]' and projects/[redacted]",
  ],
  [
    "google",
    "in project 411082643095 before, ?project=411082643095 then",
    "in project [redacted] before, ?project=[redacted] then",
  ],
  [
    "google",
    "for consumer 'project_number:297700366322'",
    "for consumer 'project_number:[redacted]'",
  ],
  [
    "xai",
    "Team: T-1, API key ID: K-1, Model: grok-x",
    "Team: [redacted], API key ID: [redacted], Model: grok-x",
  ],
  [
    "xai",
    `does not exist or your team ${UUID} does not have access`,
    "does not exist or your team [redacted] does not have access",
  ],
  ["xai", "key provided: xai-abc***xyz. You", "key provided: [redacted]. You"],
];

test.each(IDS)("%s: the ids of our account are taken out of: %s", (provider, text, expectation) => {
  expect(redactAccountIds(provider, text)).toBe(expectation);
});

test.each([
  ["openai", "the organization must be verified; org-chart; project plan; task-list"],
  ["anthropic", "the organization (see the docs) has a rate limit"],
  ["google", "see the project at projects/ and project: mine; 1234567"],
  ["xai", "your team does not have access; team-mates; the team is fine"],
] satisfies [Provider, string][])(
  "%s: a text without ids is left as it is: %s",
  (provider, text) => {
    expect(redactAccountIds(provider, text)).toBe(text);
  },
);
