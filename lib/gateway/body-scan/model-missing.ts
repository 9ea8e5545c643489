import { AppError } from "@/lib/errors";

export const modelMissing = () =>
  new AppError("bad_request", "The field model is missing. Name a model of GET /v1/models.", {
    param: "model",
  });
