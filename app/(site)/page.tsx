import type { Metadata } from "next";
import Link from "next/link";
import { PriceTable } from "@/components/site/price-table";
import { Band } from "@/components/site/band";
import { JsonLd } from "@/components/site/json-ld";
import { SitePage } from "@/components/site/page";
import { SourceLink } from "@/components/site/source-link";
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
import { sourceHref } from "../source";
import { purchaseFee } from "./pricing/fees";

export const metadata: Metadata = { alternates: { canonical: "/" } };

/** Two or three of each provider, from dear to cheap. One that leaves the catalogue leaves the page. */
const listedModels = [
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
    text: "The provider receives the body that your client sent, and your client the body that the provider sent, streamed or not.",
    file: "lib/gateway/handle.ts",
  },
  {
    title: "No field for content",
    text: "No prompt, response, tool call or image reaches a database, a log line or an error report. The record has no field that could store one.",
    file: "lib/usage/schema.ts",
  },
  {
    title: "Held first, then charged",
    text: "The maximum cost of a request is held from your balance before it is sent. When it ends, you are charged what it cost and the rest returns. A thousand requests together cannot hold more than you have.",
    file: "lib/accounts/hold.ts",
  },
];

const reasons = [
  {
    title: "One balance for four providers",
    text: "One key and one prepaid balance for all models. No contract, no subscription, no minimum.",
  },
  {
    title: "Limits for each project",
    text: "Requests a minute, credits a month, models and client addresses, each for one project. They apply to the next request.",
  },
  {
    title: "Nothing stored, nothing changed",
    text: "OneKey keeps one row of metadata to bill from. It does not store, cache or rewrite your content.",
  },
];

const storageRows: Omit<StoredRow, "href">[] = [
  {
    stored: "Time, model, provider, project",
    never: "Prompts and system prompts",
    file: "lib/usage/schema.ts",
  },
  {
    stored: "Token counts and cost",
    never: "Responses, complete or in part",
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
  const fee = purchaseFee(env());
  const excerpt = listedModels.flatMap((id) => models.find((model) => model.id === id) ?? []);
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
            <span className="block text-accent">List price, no markup.</span>
          </h1>
          <p className="mt-6 max-w-[31em] text-[1.0625rem]/6.75 text-muted">
            Change the base URL of your SDK or tool and keep your code. Requests and responses pass
            through byte for byte. You pay what the provider lists, from one prepaid balance, and
            OneKey stores no content.
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
            {FREE_REQUESTS} free requests on any of {models.length} text models. No card needed.{" "}
            {fee === null ? "No fee on purchases." : `A purchase has a fee of ${fee}.`}
          </p>
        </div>
        <div id="switch" className="min-w-0">
          <CodeTabs label="Switch the base URL" snippets={switchSnippets(address)} />
          <Receipt cost={exampleCost()} days={RETENTION_DAYS} />
        </div>
      </section>

      <section aria-label="Why OneKey" className="border-t border-line py-12 max-md:py-9">
        <div className="wrap grid grid-cols-3 gap-10 max-md:grid-cols-1 max-md:gap-6">
          {reasons.map(({ title, text }) => (
            <div key={title}>
              <h2 className="text-md font-strong">{title}</h2>
              <p className="mt-1.5 text-[0.9375rem]/6 text-muted">{text}</p>
            </div>
          ))}
        </div>
      </section>

      <section aria-label="What you can check" className="border-t border-line py-16 max-md:py-11">
        <div className="wrap grid grid-cols-3 gap-10 max-md:grid-cols-1 max-md:gap-7">
          {facts.map(({ title, text, file }, index) => (
            <div key={title} className="grid grid-rows-[auto_1fr_auto]">
              <h2 className="text-md font-strong">{title}</h2>
              <p className="mt-1.5 text-[0.9375rem]/6 text-muted">
                {text}
                {index === 0 && env().streamUsage === "observe" ? " Nothing is rewritten." : null}
              </p>
              <p className="mt-3.5 border-t border-line pt-2.5 text-sm text-muted">
                Check <SourceLink file={file} href={sourceHref(file)} quiet />
              </p>
            </div>
          ))}
        </div>
      </section>

      <Band
        id="prices"
        title="The provider’s list price"
        notes={[
          "US dollars per million tokens, without markup. One credit is one dollar. A request is charged at the price of the time when it starts.",
          <Link key="fees" href="/pricing#fees" className="link">
            Fees compared
          </Link>,
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
          "The security page says the same for every claim, with the file and the test that prove it.",
          <Link key="security" href="/security" className="link">
            Security and data handling
          </Link>,
        ]}
      >
        <StoredTable
          rows={storageRows.map((row) => ({ ...row, href: sourceHref(row.file) }))}
          quiet
        />
      </Band>

      <Band
        id="tools"
        title="Set it once in your tools"
        notes={[
          "A base URL and a key, no plug-in. Each tool sends its own dialect and receives that dialect.",
          <Link key="docs" href="/docs/claude-code" className="link">
            A page for each tool
          </Link>,
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
