import type { MDXComponents } from "mdx/types";
import { docsComponents } from "@/app/(site)/docs/elements";

/** How markdown is drawn; Next's MDX loader looks for this file here. */
export function useMDXComponents(): MDXComponents {
  return docsComponents;
}
