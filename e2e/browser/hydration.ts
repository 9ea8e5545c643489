import type { Page } from "@playwright/test";

/**
 * Whether React has taken over every control and link of the page: what is pressed or filled in before that is lost, and a link
 * that is followed loads a new document, whose controls are not heard yet. True for a document that is none of its pages.
 */
function isHydrated(): boolean {
  if (!("__next_f" in window)) return true;
  const controls = document.querySelectorAll(
    "a[href], button, select, textarea, input:not([type=hidden])",
  );
  return [...controls].every((control) =>
    Object.keys(control).some((name) => name.startsWith("__reactFiber$")),
  );
}

type PageNavigation = (this: Page, ...args: unknown[]) => Promise<unknown>;
const awaitsHydration = new WeakSet<object>();

/**
 * Makes `goto` and `reload` of this page, and of every other in the process, wait until the page hears what a test does to it.
 * A test that states what it waits for gets only that.
 */
export function awaitHydration(page: Page): void {
  const methods = Object.getPrototypeOf(page) as Record<"goto" | "reload", PageNavigation>;
  if (awaitsHydration.has(methods)) return;
  awaitsHydration.add(methods);
  for (const name of ["goto", "reload"] as const) {
    const navigate = methods[name];
    methods[name] = async function (...args) {
      const response = await navigate.apply(this, args);
      const options = (name === "goto" ? args[1] : args[0]) as { waitUntil?: string } | undefined;
      if (options?.waitUntil === undefined)
        await this.waitForFunction(isHydrated, undefined, { timeout: 60_000 });
      return response;
    };
  }
}
