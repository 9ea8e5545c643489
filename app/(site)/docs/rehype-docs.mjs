import path from "node:path";
import { highlight } from "../../../components/ui/highlight.mjs";

const ADDRESS = "ONEKEY_URL";

/**
 * Prepares a page of the docs when it is compiled: headings get anchors, code its colors, `ONEKEY_URL` becomes the element that
 * prints this server's address, and the content goes into `DocsPage`, which draws what surrounds it.
 */
export default function rehypeDocs() {
  return async (tree, file) => {
    const headings = [];
    await prepare(tree, headings);
    const outside = (node) => node.type === "mdxjsEsm";
    const page = {
      type: "mdxJsxFlowElement",
      name: "DocsPage",
      attributes: [
        attribute("path", pathOf(file.path)),
        attribute("headings", JSON.stringify(headings)),
      ],
      children: tree.children.filter((node) => !outside(node)),
    };
    tree.children = [...tree.children.filter(outside), page];
  };
}

function pathOf(file) {
  const folder = path.basename(path.dirname(file));
  return folder === "docs" ? "/docs" : `/docs/${folder}`;
}

async function prepare(parent, headings) {
  for (const [index, node] of parent.children.entries()) {
    if (node.tagName === "pre") {
      parent.children[index] = await codeBlock(node);
      continue;
    }
    if (node.tagName === "h2" || node.tagName === "h3") {
      const text = textOf(node);
      const id = idOf(text, headings);
      node.properties = { ...node.properties, id };
      headings.push({ id, text, level: Number(node.tagName[1]) });
    }
    if (node.children) await prepare(node, headings);
  }
  parent.children = parent.children.flatMap((node) =>
    node.type === "text" ? withAddress(node.value) : [node],
  );
}

/** The anchor of a heading; the second of the same words gets a number. */
function idOf(text, headings) {
  const base = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  const duplicates = headings.filter(({ id }) => id === base || id.startsWith(`${base}--`)).length;
  return duplicates === 0 ? base : `${base}--${duplicates + 1}`;
}

async function codeBlock(pre) {
  const code = pre.children.find(({ tagName }) => tagName === "code");
  const [languageClass = ""] = code?.properties?.className ?? [];
  const language = String(languageClass).replace(/^language-/, "");
  const text = textOf(pre).trimEnd();
  const lines = await highlight(text, language);
  return {
    type: "mdxJsxFlowElement",
    name: "CodeBlock",
    attributes: [attribute("language", language), attribute("copy", text)],
    children: lines.map((line) => ({
      type: "mdxJsxTextElement",
      name: "CodeLine",
      attributes: [],
      children: line.map(({ text: words, kind }) => ({
        type: "mdxJsxTextElement",
        name: "CodeToken",
        attributes: [attribute("kind", kind)],
        children: withAddress(words),
      })),
    })),
  };
}

const attribute = (name, value) => ({ type: "mdxJsxAttribute", name, value });

const textOf = (node) =>
  node.type === "text" ? node.value : (node.children ?? []).map(textOf).join("");

function withAddress(text) {
  return text
    .split(ADDRESS)
    .flatMap((value, index) => [
      ...(index === 0
        ? []
        : [{ type: "mdxJsxTextElement", name: "Address", attributes: [], children: [] }]),
      ...(value === "" ? [] : [{ type: "text", value }]),
    ]);
}
