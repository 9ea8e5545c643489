import type { Page } from "@playwright/test";

/** Collects what the browser reports against the pages' policy, from the first byte of each document on. */
export async function collectViolations(page: Page): Promise<string[]> {
  const violations: string[] = [];
  await page.exposeFunction("reportViolation", (violation: string) => violations.push(violation));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const { reportViolation } = window as unknown as { reportViolation: (text: string) => void };
      const { effectiveDirective, blockedURI, sample, sourceFile, columnNumber } = event;
      reportViolation(
        `${location.pathname}: ${effectiveDirective} ${blockedURI} ${sample} in ${sourceFile}:${columnNumber}`,
      );
    });
  });
  return violations;
}
