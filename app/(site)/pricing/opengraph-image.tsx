import { ogCard } from "../../og";

export { ogSize as size, ogType as contentType } from "../../og";
export const alt = "OneKey: the provider’s list price, prepaid";

export default function Image() {
  return ogCard({
    title: "The provider’s list price.",
    accent: "Prepaid, to the ninth decimal.",
    line: "No subscription, no seat, no minimum.",
  });
}
