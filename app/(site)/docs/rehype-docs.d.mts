import type { Root } from "hast";

/** A rehype plugin; see the module. */
export default function rehypeDocs(): (tree: Root, file: { path: string }) => Promise<void>;
