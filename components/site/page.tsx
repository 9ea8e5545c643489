import type { ReactNode } from "react";
import { PaletteLauncher } from "@/components/palette/launcher";
import { sitePlaces } from "@/components/palette/places";
import { SiteFooter } from "./footer";
import { SiteHeader } from "./header";
import type { Place } from "./links";

interface Props {
  current?: Place;
  /** The docs need space for three columns. */
  wide?: boolean;
  children: ReactNode;
}

/** A public page: header, the content, footer. */
export function SitePage({ current, wide = false, children }: Props) {
  return (
    <div className="flex min-h-dvh flex-col text-md">
      <SiteHeader current={current} wide={wide} />
      <PaletteLauncher places={sitePlaces} />
      <main id="main" className="flex-1">
        {children}
      </main>
      <SiteFooter />
    </div>
  );
}

/** The title and the first words of a page. */
export function PageHead({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="pt-18 pb-10 max-md:pt-10 max-md:pb-7">
      <h1 className="text-2xl font-strong">{title}</h1>
      <p className="mt-3.5 max-w-prose text-[1.0625rem]/6.75 text-muted">{children}</p>
    </div>
  );
}
