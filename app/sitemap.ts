import type { MetadataRoute } from "next";
import { connection } from "next/server";
import { env } from "@/lib/env";

export default async function sitemap(): Promise<MetadataRoute.Sitemap> {
  await connection();
  return ["/", "/models", "/security"].map((path) => ({ url: new URL(path, env().nextauthUrl).href }));
}
