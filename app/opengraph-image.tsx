import { ogCard } from "./og";

export { ogSize as size, ogType as contentType } from "./og";
export const alt = "OneKey: one API key for OpenAI, Anthropic, Google and xAI";

export default function Image() {
  return ogCard({
    title: "One key for OpenAI, Anthropic, Google and xAI.",
    accent: "It keeps the bill, not the conversation.",
    line: "Bytes in, bytes out. One row of metadata stays behind.",
  });
}
