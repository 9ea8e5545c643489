import { characterCountOnce, objectOnce, refuse, textOnce, type ScanRule } from "./draft";
import { fieldTable, textOf } from "./field-rules";
import { mediaField } from "./media";
import { part } from "./openai-rules";
import { choices, rootRule } from "./root-rule";
import { anyStructure, background, objectRule, voice } from "./stored-fields";

export const embeddings = rootRule({ background });
export const moderations = rootRule({ background, input: { items: part } });

/** A second model, whose tokens the usage may not state. */
const secondModel: ScanRule = {
  on: (token) => {
    if (token.kind !== "null")
      refuse(
        "svg.model",
        "The field svg.model is not supported: it runs a second model, whose price is unknown. Leave it out.",
      );
  },
};

const imageRule: ScanRule = mediaField("image_url", "image");
const imagesRule: ScanRule = { ...imageRule, items: imageRule };
export const images = rootRule({
  n: choices,
  size: textOnce("size", ({ scan }, text) => (scan.size = text)),
  quality: textOnce("quality", ({ scan }, text) => (scan.quality = text)),
  resolution: textOnce("resolution", ({ scan }, text) => (scan.resolution = text)),
  response_format: textOnce("response_format", ({ scan }, text) => (scan.responseFormat = text)),
  svg: objectRule({ model: secondModel }),
  image: imagesRule,
  images: imagesRule,
  image_url: imagesRule,
  mask: imageRule,
});

export const speech = rootRule({
  background,
  response_format: textOnce("response_format", ({ scan }, text) => (scan.responseFormat = text)),
  input: characterCountOnce("input", ({ scan }, characters) => (scan.characters = characters)),
  voice,
});

/** A voice of the provider's own has a plain name; one that was made from a recording has an id with digits. */
const voiceId: ScanRule = {
  on: (token) => {
    if (token.kind === "null") return;
    const text = token.kind === "string" && token.end - token.start <= 64 ? textOf(token) : "";
    if (!/^[a-z]+$/i.test(text))
      refuse(
        "voice_id",
        "The field voice_id must be the name of one of the provider's own voices, such as eve. Voices that were made from a recording are stored at the provider, so they are not supported.",
      );
  },
};

/** xAI's speech. https://docs.x.ai/developers/rest-api-reference/inference/voice */
export const tts = rootRule({
  text: characterCountOnce("text", ({ scan }, characters) => (scan.characters = characters)),
  voice_id: voiceId,
  output_format: objectOnce(
    "output_format",
    fieldTable(
      {
        codec: textOnce("output_format.codec", ({ scan }, text) => (scan.responseFormat = text)),
      },
      anyStructure,
    ),
  ),
});
