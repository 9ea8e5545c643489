import Link from "next/link";
import { DashList } from "@/components/site/doc";
import { Rows } from "@/components/site/rows";
import { STORED_DAYS } from "@/lib/stored-responses/schema";
import { RETENTION_DAYS } from "@/lib/usage/schema";
import { listProviders } from "@/lib/providers";
import { type DeploymentFacts } from "../facts";

export function Infrastructure({ facts }: { facts: DeploymentFacts }) {
  return (
    <>
      <p>
        As this server is set up
        {facts.sandbox
          ? ": a sandbox, in which everything is local and the money is play money"
          : ""}
        .
      </p>
      <Rows
        caption="Infrastructure"
        heads={["Component", "Provider", "Purpose"]}
        rows={facts.infrastructure.map(({ component, provider, purpose }) => [
          component,
          provider ?? (
            <span key="none" className="text-muted">
              not used
            </span>
          ),
          purpose,
        ])}
      />
    </>
  );
}

export function Policies() {
  return (
    <>
      <p>
        The content of a request falls under the policy of the provider that answers it, as if you
        had called its API directly. OneKey does not modify or cache it.
      </p>
      <Rows
        caption="Providers and their policies"
        heads={["Provider", "Trains on API data", "Keeps", "Policy"]}
        rows={listProviders().map(({ policy: { name, trains, keeps, policy, href } }) => [
          name,
          trains,
          keeps,
          <a key={href} href={href} className="link" rel="noreferrer">
            {policy}
          </a>,
        ])}
      />
      <p className="text-muted">
        What providers say of themselves, as of November 2026. Their pages decide.
      </p>
    </>
  );
}

/** The costs and limits of the design, which a mere promise would leave out. */
export function Costs({ facts }: { facts: DeploymentFacts }) {
  return (
    <DashList
      items={[
        facts.cloudflare
          ? "Cloudflare ends the TLS of your connection and starts another to this server. In between, it can read what passes."
          : "Whatever ends TLS before this server, such as a proxy or a tunnel of the operator’s, can read what passes.",
        "The fields that route and price a request are read in memory, and while an answer passes, so are its usage figures.",
        "A stream without usage figures is charged by an estimate. It can be off, and it never exceeds what was held.",
        facts.drainSeconds === 0
          ? "If you leave before a response ends, the provider is asked to stop, and what it had used is estimated and charged."
          : `If you leave before a response ends that is not streamed, or in which the provider runs tools, we keep reading it for up to ${facts.drainSeconds} seconds so that you are billed what was used. It is read for its usage figures and dropped.`,
        `Daily totals outlive the ${RETENTION_DAYS} days of the rows: how many requests, tokens and credits a day, by project and model.`,
        "Providers keep what their own policies say. OpenAI’s and xAI’s responses are stored there by default: store defaults to true, and we do not change it.",
        `So that only you can fetch those, their ids are kept here as HMACs for ${STORED_DAYS} days.`,
        "Providers cache the beginnings of long prompts to answer faster and cheaper. Such a cache belongs to the credential, and all customers of this server share its credentials: if your usage states cached tokens for a prompt that you never sent, somebody else has sent the same beginning, and they can learn the same of yours. What follows it is not revealed, and no text.",
        "OpenAI and xAI take a prompt_cache_key (xAI’s chat API the header x-grok-conv-id), which is forwarded unchanged and steers a request to the cache of others with the same value. A long random one that only you know keeps your prompts together and makes it unlikely that somebody else’s match them; the providers do not promise more.",
        "Providers see one customer, this server: what you send reaches them under its account, not yours.",
        "Whoever runs this server could run other code than this. What you can check is the source, and a server that you run.",
      ]}
    />
  );
}

export function Questions({ facts }: { facts: DeploymentFacts }) {
  return (
    <p>
      {facts.contact === null ? (
        "Ask the operator of this server."
      ) : (
        <>
          Write to{" "}
          <a href={`mailto:${facts.contact}`} className="link">
            {facts.contact}
          </a>
          .
        </>
      )}{" "}
      How to report a weakness is on the{" "}
      <Link href="/contact" className="link">
        contact page
      </Link>{" "}
      and, for programs, in{" "}
      {/* oxlint-disable-next-line nextjs/no-html-link-for-pages -- a file for programs, and no page */}
      <a href="/.well-known/security.txt" className="link">
        security.txt
      </a>
      .
    </p>
  );
}
