import createMDX from "@next/mdx";
import type { NextConfig } from "next";
import { fileURLToPath } from "node:url";

const config: NextConfig = {
  // Compression would buffer event streams and cut their throughput to a quarter.
  compress: false,
  poweredByHeader: false,
  pageExtensions: ["ts", "tsx", "mdx"],
  // proxy.ts must distinguish a page from the data of one.
  skipProxyUrlNormalize: true,
  // What proxy.ts does not see: files and endpoints. The gateway's answers stay as they are.
  headers: async () => [
    {
      source: "/((?!v1/|v1beta/|v1alpha/|upload/).*)",
      headers: [{ key: "x-content-type-options", value: "nosniff" }],
    },
  ],
  // Where no Node server stands in front: paths of the API without their version, as `findApiPath` reads them.
  rewrites: async () => ({
    beforeFiles: [
      "chat/completions",
      "completions",
      "responses",
      "messages",
      "embeddings",
      "moderations",
      "responses/:path*",
      "messages/:path*",
      "images/:path*",
      "audio/:path*",
    ]
      .map((path) => ({ source: `/${path}`, destination: `/v1/${path}` }))
      .concat(
        ["authorization", "x-api-key", "x-goog-api-key"].flatMap((key) =>
          ["/models", "/models/:path*"].map((source) => ({
            source,
            destination: `/v1${source}`,
            has: [{ type: "header" as const, key }],
          })),
        ),
      ),
    afterFiles: [
      // Browsers ask for it where a document names no icon, or names it late.
      { source: "/favicon.ico", destination: "/icon.svg" },
      // Every page of the docs has a Markdown twin.
      { source: "/docs.md", destination: "/markdown/docs" },
      { source: "/docs/:page([a-z0-9-]+).md", destination: "/markdown/docs/:page" },
    ],
  }),
  // The twins and the search index are made of the pages' sources.
  outputFileTracingIncludes: {
    "/markdown/*": ["./app/(site)/docs/**/*.mdx"],
    "/llms-full.txt": ["./app/(site)/docs/**/*.mdx"],
    "/changelog": ["./CHANGELOG.md"],
    "/changelog/*": ["./CHANGELOG.md"],
    "/source/*": ["./lib/**/*.ts", "./app/**/*.ts", "./e2e/**/*.ts"],
  },
  // Native or dynamic packages that must be loaded from node_modules as they are.
  serverExternalPackages: ["bson", "gpt-tokenizer", "lmdb", "mongodb", "undici"],
  transpilePackages: ["@onekey/embedded-mongo"],
  turbopack: { root: fileURLToPath(new URL(".", import.meta.url)) },
};

// By name: the compiler of the pages is another process, to which no function can be handed.
export default createMDX({
  options: {
    remarkPlugins: [["remark-gfm", {}]],
    rehypePlugins: [
      [fileURLToPath(new URL("./app/(site)/docs/rehype-docs.mjs", import.meta.url)), {}],
    ],
  },
})(config);
