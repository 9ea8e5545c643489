import type { NextConfig } from "next";
import { fileURLToPath } from "node:url";

const config: NextConfig = {
  // Compression would buffer event streams and cut their throughput to a quarter.
  compress: false,
  poweredByHeader: false,
  // Native or dynamic packages that must be loaded from node_modules as they are.
  serverExternalPackages: ["bson", "gpt-tokenizer", "lmdb", "mingo", "mongodb", "undici"],
  turbopack: { root: fileURLToPath(new URL(".", import.meta.url)) },
};

export default config;
