import { characterCountOnce, refuse, textOnce, type ScanRule } from "./draft";
import { mediaField } from "./media";
import { part } from "./openai-rules";
import { choices, rootRule } from "./root-rule";
import { background, objectRule, voice } from "./stored-fields";

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
  ...{ image: imagesRule, images: imagesRule, image_url: imagesRule, mask: imageRule },
});

export const speech = rootRule({
  background,
  response_format: textOnce("response_format", ({ scan }, text) => (scan.responseFormat = text)),
  input: characterCountOnce("input", ({ scan }, characters) => (scan.characters = characters)),
  voice,
});
