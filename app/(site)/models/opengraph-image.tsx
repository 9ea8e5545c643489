import { ogCard } from "../../og";

export { ogSize as size, ogType as contentType } from "../../og";
export const alt = "OneKey: models and prices";

export default function Image() {
  return ogCard({
    title: "Every model,",
    accent: "at its provider’s price.",
    line: "OpenAI, Anthropic, Google and xAI through one key.",
  });
}
