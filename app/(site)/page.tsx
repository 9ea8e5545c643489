import type { Metadata } from "next";
import Link from "next/link";
import { PriceTable } from "@/components/site/price-table";
import { Band } from "@/components/site/band";
import { JsonLd } from "@/components/site/json-ld";
import { SitePage } from "@/components/site/page";
import { Receipt } from "@/components/site/receipt";
import { StoredTable, type StoredRow } from "@/components/site/stored-table";
import { switchSnippets } from "@/components/site/switch-snippets";
import { ToolTable } from "@/components/site/tool-table";
import { buttonStyle } from "@/components/ui/button";
import { CodeTabs } from "@/components/ui/code-tabs";
import { FREE_REQUESTS } from "@/lib/accounts/schema";
import { costOf } from "@/lib/catalog/cost";
import { env } from "@/lib/env";
import { formatUsd } from "@/lib/format";
import { RETENTION_DAYS } from "@/lib/usage/schema";
import { providerName } from "@/lib/providers";
import { ratesNow, textModels } from "../catalog";
import { publicAddress } from "../public-address";

export const metadata: Metadata = { alternates: { canonical: "/" } };

/** Two or three of each provider, from dear to cheap. One that leaves the catalogue leaves the page. */
const shown = [
  "claude-opus-5-5",
  "claude-sonnet-5-5",
  "claude-haiku-5-5",
  "gpt-6-astra",
  "gpt-6.1-sol",
  "gpt-6-luna",
  "gemini-3.8-flash",
  "grok-4.7",
];

const facts = [
  {
    title: "Bytes in, bytes out",
    text: "The provider receives the body your client sent and your client the body the provider sent, streamed or not, valid JSON or not.",
    file: "lib/gateway/handle.ts",
  },
  {
    title: "No field for content",
    text: "No prompt, answer, tool call or image reaches a database, a log line or an error report. The record has no column that could hold one.",
    file: "lib/usage/schema.ts",
  },
  {
    title: "Held first, then settled",
    text: "The worst case of a request is held against your balance before it is forwarded, then settled to what it cost. A thousand calls at once cannot reserve more than you have.",
    file: "lib/accounts/hold.ts",
  },
];

const stored: StoredRow[] = [
  {
    stored: "Time, model, provider, project",
    never: "Prompts and system prompts",
    file: "lib/usage/schema.ts",
  },
  {
    stored: "Token counts and cost",
    never: "Answers, in whole or in part",
    file: "lib/usage/record.ts",
  },
  {
    stored: "Latency, status, how it ended",
    never: "Tool calls and tool definitions",
    file: "lib/log.ts",
  },
  {
    stored: "A digest and a preview of your key",
    never: "The key itself",
    file: "lib/accounts/schema.ts",
  },
  { stored: "Payment amounts and their source", never: "Card numbers", file: "lib/ledger/post.ts" },
];

export default async function Home() {
  const address = await publicAddress();
  const models = textModels();
  const excerpt = shown.flatMap((id) => models.find((model) => model.id === id) ?? []);
  return (
    <SitePage>
      <JsonLd
        data={{
          "@context": "https://schema.org",
          "@type": "WebSite",
          name: "OneKey",
          url: address,
        }}
      />
      <section className="wrap grid grid-cols-[minmax(0,10fr)_minmax(0,11fr)] items-start gap-16 pt-21 pb-18 max-lg:grid-cols-[minmax(0,1fr)] max-lg:gap-12 max-lg:pt-14 max-md:pt-10 max-md:pb-12">
        <div>
          <h1 className="text-3xl font-strong">
            One key for OpenAI, Anthropic, Google and xAI.{" "}
            <span className="block text-accent">It keeps the bill, not the conversation.</span>
          </h1>
          <p className="mt-6 max-w-[31em] text-[1.0625rem]/6.75 text-muted">
            Point your SDK at OneKey and leave the rest of your code alone. Each request goes to the
            provider byte for byte, the answer streams back byte for byte, and one row of metadata
            stays behind to bill from.
          </p>
          <div className="mt-8 flex flex-wrap gap-2.5 max-md:[&>a]:flex-1">
            <Link
              href="/sign-in"
              prefetch={false}
              className={buttonStyle({ variant: "primary", size: "lg" })}
            >
              Get a key
            </Link>
            <Link href="/security" className={buttonStyle({ variant: "secondary", size: "lg" })}>
              Read what is stored
            </Link>
          </div>
          <p className="mt-3.5 text-sm text-muted">
            {FREE_REQUESTS} free requests on any of {models.length} text models. No card needed.
          </p>
        </div>
        <div id="switch" className="min-w-0">
          <CodeTabs label="Switch the base URL" snippets={switchSnippets(address)} />
          <Receipt cost={exampleCost()} days={RETENTION_DAYS} />
        </div>
      </section>

      <section className="border-t border-line py-16 max-md:py-11">
        <div className="wrap grid grid-cols-3 gap-10 max-md:grid-cols-1 max-md:gap-7">
          {facts.map(({ title, text, file }, index) => (
            <div key={title} className="grid grid-rows-[auto_1fr_auto]">
              <h2 className="text-md font-strong">{title}</h2>
              <p className="mt-1.5 text-[0.9375rem]/6 text-muted">
                {text}
                {index === 0 && env().streamUsage === "observe"
                  ? " Nothing is rewritten on the way."
                  : null}
              </p>
              <p className="mt-3.5 border-t border-line pt-2.5 text-sm text-muted">
                Check <code className="font-mono">{file}</code>
              </p>
            </div>
          ))}
        </div>
      </section>

      <Band
        id="prices"
        title="The provider’s list price"
        notes={[
          "US dollars per million tokens. One credit is one dollar. Prices are frozen into each request when it starts.",
          <Link key="models" href="/models" className="link">
            All {models.length} text models
          </Link>,
        ]}
      >
        <PriceTable
          rows={excerpt.map((model) => ({ ...model, provider: providerName(model.provider) }))}
        />
      </Band>

      <Band
        ink
        title="What we store"
        notes={[
          "The security page says the same with a file name beside each line, so you can check it.",
          <Link key="security" href="/security" className="link">
            Security and data handling
          </Link>,
        ]}
      >
        <StoredTable rows={stored} quiet />
      </Band>

      <Band
        id="tools"
        title="Set it once in your tools"
        notes={[
          "A base URL and a key, no plug-in. Each tool speaks its own dialect and gets that dialect back.",
        ]}
      >
        <ToolTable address={address} />
      </Band>
    </SitePage>
  );
}

/** What the request of the example costs at today's price. */
function exampleCost(): string {
  const rates = ratesNow("claude-sonnet-5-5");
  if (rates === null) return "—";
  const usage = {
    input: 847,
    cacheRead: 0,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    output: 1203,
    reasoning: 0,
  };
  return formatUsd(costOf({ rates, usage }), 6);
}
