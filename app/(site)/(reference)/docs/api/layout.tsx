import type { ReactNode } from "react";
import { ReferenceNavigation } from "@/components/site/reference-navigation";
import { SitePage } from "@/components/site/page";
import { listedOperations } from "./reference";

export default function ReferenceLayout({ children }: { children: ReactNode }) {
  const tags = [...new Set(listedOperations.flatMap(({ tags: names }) => names))];
  const groups = tags.map((tag) => ({
    title: tag,
    operations: listedOperations
      .filter(({ tags: names }) => names.includes(tag))
      .map(({ slug, method, path }) => ({ slug, method, path })),
  }));
  return (
    <SitePage current="docs" wide>
      <div className="wrap grid max-w-[1376px] grid-cols-[216px_minmax(0,1fr)] gap-12 pt-10 pb-24 max-lg:grid-cols-[minmax(0,1fr)] max-lg:gap-6 max-lg:pt-6">
        <ReferenceNavigation groups={groups} />
        {children}
      </div>
    </SitePage>
  );
}
