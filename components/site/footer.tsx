import Link from "next/link";
import { footer } from "./links";
import { Logo } from "./logo";

export function SiteFooter() {
  return (
    <footer className="border-t border-line bg-quiet text-base">
      <div className="wrap grid grid-cols-[minmax(0,2fr)_repeat(3,minmax(0,1fr))] gap-8 py-12 max-md:grid-cols-2">
        <div className="max-md:col-span-2">
          <Logo />
          <p className="mt-3.5 max-w-[34ch] text-muted">
            One API key for OpenAI, Anthropic, Google and xAI. Prepaid. Content is passed through
            and never stored.
          </p>
        </div>
        {footer.map(({ title, links }) => (
          <nav key={title} aria-label={title}>
            <h2 className="mb-2.5 text-sm">{title}</h2>
            <ul>
              {links.map(({ name, href }) => (
                <li key={name} className="py-[3px]">
                  <Link
                    href={href}
                    prefetch={false}
                    className="text-muted transition-colors hover:text-text"
                  >
                    {name}
                  </Link>
                </li>
              ))}
            </ul>
          </nav>
        ))}
      </div>
    </footer>
  );
}
