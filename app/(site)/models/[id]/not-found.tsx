import { headers } from "next/headers";
import { PublicNotFound } from "@/components/site/not-found";
import { SitePage } from "@/components/site/page";
import { findModel, nearestModelIds } from "@/lib/catalog/queries";

const ID_MAX = 128;

/** An unknown model, with those whose ids are nearest. */
export default async function ModelNotFound() {
  const path = (await headers()).get("x-path") ?? "";
  const id = path.split("/").at(-1)?.slice(0, ID_MAX) ?? "";
  const nearest = nearestModelIds(id).map((nearId) => ({
    name: findModel(nearId)?.name ?? nearId,
    href: `/models/${nearId}`,
  }));
  return (
    <SitePage current="models">
      <PublicNotFound title="There is no such model" nearest={nearest} />
    </SitePage>
  );
}
