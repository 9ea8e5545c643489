import { ogCard } from "../../og";

export { ogSize as size, ogType as contentType } from "../../og";
export const alt = "OneKey: what is stored, what never is, and where to check it";

export default function Image() {
  return ogCard({
    title: "What is stored, what never is,",
    accent: "and where to check it.",
    line: "Each claim with its file in the source and the test that proves it.",
  });
}
