import type { ReactNode } from "react";
import { DocsNavigation } from "@/components/site/docs-navigation";
import { SitePage } from "@/components/site/page";
import { groups } from "./pages";

/** The props of the navigation, which runs in the browser: only titles and paths. */
const navigationGroups = groups.map(({ title, pages }) => ({
  title,
  pages: pages.map(({ path, title: name }) => ({ path, title: name })),
}));

export default function DocsLayout({ children }: { children: ReactNode }) {
  return (
    <SitePage current="docs" wide>
      <div className="wrap grid max-w-[1376px] grid-cols-[200px_minmax(0,1fr)_184px] gap-14 pt-10 pb-24 max-xl:grid-cols-[200px_minmax(0,1fr)] max-xl:gap-12 max-lg:grid-cols-[minmax(0,1fr)] max-lg:gap-6 max-lg:pt-6">
        <DocsNavigation groups={navigationGroups} />
        {children}
      </div>
    </SitePage>
  );
}
