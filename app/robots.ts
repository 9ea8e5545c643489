import type { MetadataRoute } from "next";
import { connection } from "next/server";
import { env } from "@/lib/env";

/** A sandbox is not indexed. */
export default async function robots(): Promise<MetadataRoute.Robots> {
  await connection();
  if (env().mode === "sandbox") return { rules: { userAgent: "*", disallow: "/" } };
  return {
    rules: { userAgent: "*", allow: "/", disallow: ["/api/", "/dashboard", "/v1/", "/v1beta/"] },
    sitemap: new URL("/sitemap.xml", env().nextauthUrl).href,
  };
}
