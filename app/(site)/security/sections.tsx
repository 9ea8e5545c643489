import Link from "next/link";
import type { ReactNode } from "react";
import { DashList } from "@/components/site/doc";
import { RequestPath } from "@/components/site/request-path";
import { Rows } from "@/components/site/rows";
import { DIGESTS_DAYS } from "@/lib/accounts/schema";
import { STORED_DAYS } from "@/lib/stored-responses/schema";
import { RETENTION_DAYS } from "@/lib/usage/schema";
import { listProviders } from "@/lib/providers";
import { cookiesOf } from "./cookies";
import { built, type Facts } from "./facts";
import { recordFields } from "./record";

const code = (text: string) => <code className="font-mono text-sm wrap-anywhere">{text}</code>;

export function Path({ facts }: { facts: Facts }) {
  return (
    <>
      <p>
        OneKey is a pass-through that keeps no state of a conversation. At no point is the content
        of your request or response written to disk, database or log file.
      </p>
      <RequestPath />
      <p>
        A missing, malformed, revoked or regenerated key is refused before any provider is
        contacted. A server may remember which account a key belonged to, and that authorises
        nothing: the write that holds the credits requires that the key is the project’s current
        one, so a revoked key stops at once, on every server.
      </p>
      <p>
        The body is read in memory for the fields that route and price it, such as the model and the
        token limit, and forwarded as the bytes that came. A request that cannot be priced is
        refused, never repaired.
        {facts.includesUsage
          ? " The operator of this server has chosen one exception, unless a project switches it off: where"
          : " There is one exception, which a project switches on, or a request by its header: where"}{" "}
        a chat stream does not ask for its usage, that one field is added, and the extra chunk is
        removed.
      </p>
      <p>
        Of your headers, only those that a provider needs go on; cookies, addresses and your key
        stay here.
      </p>
    </>
  );
}

export function Row() {
  return (
    <>
      <p>
        Every request that is forwarded leaves one row. It exists for one reason, billing accuracy,
        and is kept for {RETENTION_DAYS} days. These are all of its fields:
      </p>
      <Rows
        caption="The record of a request"
        heads={["Field", "Example", "In the schema"]}
        rows={recordFields().map(({ name, example, field }) => [
          name,
          code(example),
          <code key={field} className="font-mono text-sm text-muted">
            {field}
          </code>,
        ])}
      />
      <p className="text-muted">
        If a stream ends without usage figures, tokens are estimated in memory, the row is marked{" "}
        {code("estimated")}, and the charge never exceeds what was held.
      </p>
    </>
  );
}

export function Never() {
  return (
    <>
      <DashList
        items={[
          "Prompt content: your messages, instructions and questions",
          "System prompts",
          "Answers of a model, in whole or in part",
          "Function calls and tool definitions",
          "Images, files or any other binary content",
          "Request and response bodies in any form",
        ]}
      />
      <p>
        There is no setting that turns body logging on. A log line takes a request’s id, a status, a
        cost and other named fields; it has none for text, and an error is logged by its kind,
        because its message may quote a prompt.
      </p>
    </>
  );
}

export function Trust({ facts }: { facts: Facts }) {
  const { network, domain } = facts.freeGrantsMax;
  return (
    <>
      <p>
        An account starts with {facts.freeRequests} free requests, on every model, together worth at
        most {facts.freeWorth} at list price. No card needed. Send one and compare it with the
        provider’s own answer.
      </p>
      <p>
        So that nobody collects them with many accounts, they are given once a person, and on one
        day to at most {network} new accounts from one network and {domain} with addresses of one
        email domain, large mailbox providers apart. An account beyond that gets them with its first
        purchase, and its dashboard says so. Networks, domains and addresses are counted under
        HMACs.
      </p>
    </>
  );
}

export function Encryption({ facts }: { facts: Facts }) {
  return (
    <>
      <Rows
        caption="Encryption of each hop"
        heads={["Hop", "How"]}
        rows={[
          ["Client to OneKey", facts.toClient],
          ["OneKey to provider", facts.toProvider],
          ["At rest", facts.database.atRest],
        ]}
      />
      <p>
        Pages run only scripts that carry a nonce made for that one answer, or that such a script
        loads; inline scripts have none and do not run. They cannot be framed
        {facts.encrypted ? ", and ask browsers for https for two years" : ""}.{" "}
        {facts.analytics
          ? "Inline styles are allowed on public pages alone, where Cookiebot draws its dialogue with them."
          : "Inline styles are refused as well."}{" "}
        None of these headers is on an answer of the API.
      </p>
    </>
  );
}

export function Keys() {
  return (
    <DashList
      items={[
        "A key belongs to one project. A project can have several keys, and you can have many projects.",
        "It is shown once, when it is made. It cannot be recovered.",
        "It is stored as an HMAC-SHA-256 digest and a preview.",
        "Revoking a key stops it immediately on every server. Rotating one stops the old secret immediately, or after the time that you choose. A request that is in flight still ends.",
        "A key can have an expiry, a list of models and a list of addresses. They are checked with the balance, in the same write.",
        "Every request is authenticated before it reaches a provider.",
        "A checksum is part of the key, so a mistyped one is refused without a look at the database.",
      ]}
    />
  );
}

export function SignIn({ facts }: { facts: Facts }) {
  const cookies = cookiesOf(facts);
  return (
    <>
      {built.signIn ? (
        <p>
          {facts.signIn.length === 0
            ? "No way to sign in is set up on this server: the operator makes accounts on the command line."
            : `You sign in with ${list(facts.signIn)}.`}{" "}
          No passwords are stored. The session’s token is kept as its SHA-256; its cookie is
          httpOnly, Secure on https and SameSite=Lax, and expires after {facts.sessionDays} days.
          Expired sessions are purged by a TTL index.
        </p>
      ) : (
        <p>
          There is no sign-in in this version: the operator makes accounts and keys on the command
          line. No passwords are stored.
        </p>
      )}
      {cookies.length === 0 ? (
        <p>The pages set no cookie.</p>
      ) : (
        <Rows
          caption="Cookies"
          heads={["Cookie", "When", "Purpose", "Lasts"]}
          rows={cookies.map(({ name, when, purpose, lasts }) => [code(name), when, purpose, lasts])}
        />
      )}
      <p>
        {built.signIn ? "The session’s cookie is the only one that stays. " : null}
        Your choice of a light or dark page stays in your browser’s local storage.
      </p>
    </>
  );
}

export function Analytics({ facts }: { facts: Facts }) {
  return facts.analytics ? (
    <p>
      Google Analytics 4 loads through Google Tag Manager, and only after you accept statistics in
      Cookiebot. Without consent no analytics cookie is set and nothing is sent to Google. When you
      withdraw it, Google’s cookies are removed and the page loads again without its scripts.
      Neither is on the dashboard or where you sign in.
    </p>
  ) : (
    <p>
      There are no analytics on this server: no script, no cookie, no request to anyone else, and so
      no banner.
    </p>
  );
}

export function Payments({ facts }: { facts: Facts }) {
  return (
    <>
      {built.cards ? (
        <p>
          Cards are paid on Stripe’s own page: their numbers never reach this server. It keeps the
          amount, the time, Stripe’s ids, the billing details that you gave there, and the card’s
          kind and last four digits.
        </p>
      ) : null}
      {built.crypto ? (
        <p>
          Payments in cryptocurrency leave further metadata: the transaction’s hash, the chain (Base
          or Ethereum), the token (USDC or USDT), the amount and the wallet’s address. It is kept
          with the ledger for payment verification. A chain is public, so anyone can see such a
          transfer there.
        </p>
      ) : null}
      {facts.pairsWallets ? (
        <p>
          A wallet on another device is reached through WalletConnect’s relay, once you choose it
          and not before. The relay sees the addresses on the internet of your browser and of your
          wallet, the kind of browser, this site’s address and project id, and when and how much the
          two say to each other. What they say is sealed between them, and this site tells the relay
          nothing of it; your wallet’s app may tell WalletConnect of a transaction by itself. Your
          wallet is told this site’s name and address.
        </p>
      ) : null}
      <p>
        A payment is credited once, from the amount that the payment system states, to the account
        that paid.
      </p>
    </>
  );
}

export function Deletion() {
  return (
    <>
      <p>
        When you delete your account, its keys and sessions stop at once, and your name, address and
        sign-in methods are erased. What stays are figures without a name: the ledger, which the law
        makes us keep, and sums by day.
      </p>
      <p>
        A suspension or a debt does not end with the account. HMACs of your address and of your
        Google or GitHub id stay with the figures while it is suspended or owes something, and for{" "}
        {DIGESTS_DAYS} days where something was paid, because a payment can be disputed for months.
        They cannot be read as an address. If you sign up again, the new account is suspended too,
        or owes what the old one did.
      </p>
    </>
  );
}

export function Assistant() {
  return built.assistant ? (
    <p>
      The assistant is powered by Anthropic (Claude). What you type is sent to Anthropic for an
      answer, under its policy for API data: no training. It has read-only tools for your own
      balance, usage, projects and prices, and none that writes. Its conversations are separate from
      your API requests and are not stored.
    </p>
  ) : (
    <p>There is no assistant in this version, so nothing is sent to one.</p>
  );
}

export function Infrastructure({ facts }: { facts: Facts }) {
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

/** The costs and limits of the design, which a promise alone would leave out. */
export function Costs({ facts }: { facts: Facts }) {
  return (
    <DashList
      items={[
        facts.cloudflare
          ? "Cloudflare ends the TLS of your connection and starts another to this server. In between, it can read what passes."
          : "Whatever ends TLS before this server, such as a proxy or a tunnel of the operator’s, can read what passes.",
        "The fields that route and price a request are read in memory, and while an answer passes, so are its usage figures.",
        "A stream without usage figures is charged by an estimate. It can be off, and it never exceeds what was held.",
        facts.drainSeconds === 0
          ? "If you leave before a response ends, the provider is told to stop, and what it had used is estimated and charged."
          : `If you leave before a response ends that is not streamed, or in which the provider runs tools, we keep reading it for up to ${facts.drainSeconds} seconds so that you are billed what was used. It is read for its usage figures and dropped.`,
        `Daily totals outlive the ${RETENTION_DAYS} days of the rows: how many requests, tokens and credits a day, by project and model.`,
        "Providers keep what their own policies say. OpenAI’s and xAI’s responses are stored there by default: store defaults to true, and we do not change it.",
        `So that you alone can fetch those, their ids are kept here as HMACs for ${STORED_DAYS} days.`,
        "Providers cache the beginnings of long prompts to answer faster and cheaper. Such a cache belongs to the credential, and all customers of this server share its credentials: if your usage states cached tokens for a prompt that you never sent, somebody else has sent the same beginning, and they can learn the same of yours. What follows it is not revealed, and no text.",
        "OpenAI and xAI take a prompt_cache_key (xAI’s chat API the header x-grok-conv-id), which is forwarded unchanged and steers a request to the cache of others with the same value. A long random one that only you know keeps your prompts together and makes it unlikely that somebody else’s match them; the providers do not promise more.",
        "Providers see one customer, this server: what you send reaches them under its account, not yours.",
        "Whoever runs this server could run other code than this. What you can check is the source, and a server of your own.",
      ]}
    />
  );
}

export function Questions({ facts }: { facts: Facts }) {
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

function list(items: string[]): ReactNode {
  return new Intl.ListFormat("en", { type: "disjunction" }).format(items);
}
