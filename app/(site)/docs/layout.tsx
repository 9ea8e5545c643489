import type { ReactNode } from "react";
import { DocsNavigation } from "@/components/site/docs-navigation";
import { SitePage } from "@/components/site/page";
import { groups } from "./pages";

export default function DocsLayout({ children }: { children: ReactNode }) {
  return (
    <SitePage current="docs">
      <div className="wrap grid grid-cols-[200px_minmax(0,1fr)] gap-16 pt-14 pb-24 max-lg:grid-cols-[minmax(0,1fr)] max-lg:gap-8 max-md:pt-8">
        <DocsNavigation groups={groups} />
        <article className="grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-4">
          {children}
        </article>
      </div>
    </SitePage>
  );
}
