import { listModels } from "@/lib/catalog/queries";
import type { EndpointName } from "@/lib/catalog/schema";
import { AppError } from "@/lib/errors";

/** The error of a request without a model, with one that its endpoint takes. */
export function modelMissing(endpoint: EndpointName): AppError {
  const example = listModels().find(
    ({ endpoints, status }) => status === "current" && endpoints.includes(endpoint),
  );
  const advice = example ? `such as "${example.id}"` : "of GET /v1/models";
  return new AppError("bad_request", `The field model is missing. Name a model ${advice}.`, {
    param: "model",
  });
}
