import type { Provider } from "@/lib/catalog/schema";

interface Policy {
  name: string;
  trains: string;
  policy: string;
  href: string;
  /** What it keeps of a request unless it is told or agreed otherwise. */
  keeps: string;
}

/**
 * What the providers say of API data, as of November 2026; their pages decide. What they keep is said by OpenAI's guide
 * "Data controls" (guides/your-data), Anthropic's "API and data retention", Google's "Additional usage policies" and "Zero
 * data retention" of the Gemini API, and xAI's "Security" (developers/faq/security).
 */
export const policies: Record<Provider, Policy> = {
  openai: {
    name: "OpenAI",
    trains: "No",
    policy: "Enterprise privacy",
    href: "https://openai.com/enterprise-privacy/",
    keeps:
      "Inputs and outputs for up to 30 days to look for abuse, longer where a law asks it; responses for as long unless you send store: false",
  },
  anthropic: {
    name: "Anthropic",
    trains: "No",
    policy: "Privacy policy",
    href: "https://www.anthropic.com/legal/privacy",
    keeps: "Inputs and outputs for a limited time, longer where its policies were broken",
  },
  google: {
    name: "Google (Gemini API)",
    trains: "No (paid API)",
    policy: "Gemini API terms",
    href: "https://ai.google.dev/gemini-api/terms",
    keeps:
      "Prompts and answers for 55 days to look for abuse; for 30 days where an answer is grounded in a search",
  },
  xai: {
    name: "xAI",
    trains: "No (default)",
    policy: "API terms",
    href: "https://x.ai/legal/terms-of-service-enterprise",
    keeps:
      "Requests and answers for up to 30 days; responses for as long unless you send store: false",
  },
};
