import { NO_USAGE, type Usage } from "@/lib/catalog/schema";
import { count, object, type StatedFields } from "./stated-fields";

type ModelUsage = NonNullable<Usage["byModel"]>[number];

/** Tokens of an image of 1,024 pixels square at high quality: https://developers.openai.com/api/docs/guides/image-generation */
const IMAGE_TOKENS = 4_160;

/** What an image tool used, as `tool_usage.image_gen` states it; its input counts the cached. */
export function imageToolUsage(stated: StatedFields, model: string): ModelUsage {
  const inputs = object(stated, "input_tokens_details");
  const cached = object(stated, "cached_tokens_details");
  const outputs = object(stated, "output_tokens_details");
  const input = count(stated, "input_tokens");
  const output = count(stated, "output_tokens");
  const images = Math.min(input, count(inputs, "image_tokens"));
  const cacheReadImage = Math.min(images, count(cached, "cached_image_tokens"));
  const cachedText = Math.max(0, count(stated, "cached_tokens") - cacheReadImage);
  const cacheRead = Math.min(
    input - images,
    "cached_text_tokens" in cached ? count(cached, "cached_text_tokens") : cachedText,
  );
  const text = Math.min(output, count(outputs, "text_tokens"));
  return {
    ...NO_USAGE,
    model,
    input: input - images - cacheRead,
    cacheRead,
    inputImage: images - cacheReadImage,
    cacheReadImage,
    output: text,
    outputImage: output - text,
  };
}

/** The same for images that were shown and whose use was not stated. */
export const shownImages = (images: number, model: string): ModelUsage[] =>
  images === 0 ? [] : [{ ...NO_USAGE, model, outputImage: images * IMAGE_TOKENS }];
