import type { NextConfig } from "next";
import { fileURLToPath } from "node:url";

const config: NextConfig = {
  // Compression would buffer event streams and cut their throughput to a quarter.
  compress: false,
  poweredByHeader: false,
  // proxy.ts must tell a page from the data of one.
  skipProxyUrlNormalize: true,
  // What proxy.ts does not see: files and endpoints. The gateway's answers stay as they are.
  headers: async () => [
    {
      source: "/((?!v1/|v1beta/|upload/).*)",
      headers: [{ key: "x-content-type-options", value: "nosniff" }],
    },
  ],
  // Native or dynamic packages that must be loaded from node_modules as they are.
  serverExternalPackages: ["bson", "gpt-tokenizer", "lmdb", "mingo", "mongodb", "undici"],
  turbopack: { root: fileURLToPath(new URL(".", import.meta.url)) },
};

export default config;
