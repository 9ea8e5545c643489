import { expect, test } from "vitest";
import { AppError } from "@/lib/errors";
import { errorBody } from "./error-body";

const holdError = new AppError("rate_limited", "Held.", { reason: "in_flight_budget" });
const limitError = new AppError("rate_limited", "Limited.");
const poor = new AppError("insufficient_credits", "Too little.");

test("each dialect states a narrower code where there is one, in the place that its clients read", () => {
  const body = (error: AppError, dialect: "openai" | "anthropic" | "gemini") =>
    JSON.parse(errorBody(error, dialect, "req_1")) as unknown;
  expect(body(holdError, "openai")).toEqual({
    error: { message: "Held.", type: "rate_limit_error", param: null, code: "in_flight_budget" },
  });
  expect(body(limitError, "openai")).toMatchObject({ error: { code: "rate_limited" } });
  expect(body(holdError, "anthropic")).toEqual({
    type: "error",
    error: { type: "rate_limit_error", message: "Held.", code: "in_flight_budget" },
    request_id: "req_1",
  });
  expect(body(limitError, "anthropic")).toMatchObject({
    error: { type: "rate_limit_error", message: "Limited." },
  });
  expect(body(holdError, "gemini")).toEqual({
    error: {
      code: 429,
      message: "Held.",
      status: "RESOURCE_EXHAUSTED",
      details: [
        {
          "@type": "type.googleapis.com/google.rpc.ErrorInfo",
          reason: "IN_FLIGHT_BUDGET",
          domain: "onekey",
        },
      ],
    },
  });
  expect(body(limitError, "gemini")).not.toHaveProperty("error.details");
});

test("only OpenAI's clients get the words that Aider stops at", () => {
  expect(errorBody(poor, "openai", "req_1")).toContain('Insufficient credits (\\"code\\":402).');
  for (const dialect of ["anthropic", "gemini"] as const)
    expect(errorBody(poor, dialect, "req_1")).not.toContain("402).");
});
