import { AppError } from "@/lib/errors";

export const modelMissing = () =>
  new AppError(
    "bad_request",
    "The field model is missing: name a model, such as those that GET /v1/models lists.",
    {
      param: "model",
    },
  );
