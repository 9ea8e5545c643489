import type { Metadata } from "next";
import { PublicNotFound } from "@/components/site/not-found";
import { SitePage } from "@/components/site/page";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <SitePage>
      <PublicNotFound title="There is nothing at this address" />
    </SitePage>
  );
}
