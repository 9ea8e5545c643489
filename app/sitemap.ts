import type { MetadataRoute } from "next";
import { connection } from "next/server";
import { env } from "@/lib/env";
import { publicPages } from "./public-pages";

export default async function sitemap(): Promise<MetadataRoute.Sitemap> {
  await connection();
  const { nextauthUrl } = env();
  return publicPages().map(({ path }) => ({ url: new URL(path, nextauthUrl).href }));
}
