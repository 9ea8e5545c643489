import type { MetadataRoute } from "next";
import { connection } from "next/server";
import { env } from "@/lib/env";
import { pricedModels } from "./catalog";
import { listedOperations } from "./(site)/(reference)/docs/api/reference";
import { docsPages } from "./(site)/docs/pages";

const pages = [
  "/",
  "/models",
  "/models/changes",
  "/pricing",
  "/security",
  "/status",
  "/changelog",
  "/privacy",
  "/terms",
  "/contact",
];

export default async function sitemap(): Promise<MetadataRoute.Sitemap> {
  await connection();
  const { nextauthUrl } = env();
  const paths = [
    ...pages,
    ...docsPages.map(({ path }) => path),
    ...listedOperations.map(({ slug }) => `/docs/api/${slug}`),
    ...pricedModels().map(({ id }) => `/models/${id}`),
  ];
  return paths.map((path) => ({ url: new URL(path, nextauthUrl).href }));
}
