import type { Metadata } from "next";
import { headers } from "next/headers";
import { PublicNotFound } from "@/components/site/not-found";
import { SitePage } from "@/components/site/page";
import { urlTeamId } from "@/lib/auth/member";
import { nearestPages } from "./public-pages";

export const metadata: Metadata = { title: "Not found" };

/** The page of a team reads the same for a team that does not exist and for who is no member of it. */
export default async function NotFound() {
  const isTeamPage = (await urlTeamId()) !== null;
  const path = (await headers()).get("x-path") ?? "";
  const nearest = isTeamPage
    ? []
    : nearestPages(path).map((page) => ({ name: page.title, href: page.path }));
  return (
    <SitePage>
      <PublicNotFound
        title="There is nothing at this address"
        nearest={nearest}
        reason={
          isTeamPage
            ? "It was deleted, it never existed, or it belongs to another account. You may no longer be a member of this team."
            : undefined
        }
      />
    </SitePage>
  );
}
