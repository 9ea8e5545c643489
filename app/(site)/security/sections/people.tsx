import { Rows } from "@/components/site/rows";
import { DIGESTS_DAYS } from "@/lib/accounts/schema";
import { cookiesOf } from "../cookies";
import { builtParts, type DeploymentFacts } from "../facts";
import { code, list } from "./text";

export function Trust({ facts }: { facts: DeploymentFacts }) {
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

export function SignIn({ facts }: { facts: DeploymentFacts }) {
  const cookies = cookiesOf(facts);
  return (
    <>
      {builtParts.signIn ? (
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
        {builtParts.signIn ? "The session’s cookie is the only one that stays. " : null}
        Your choice of a light or dark page stays in your browser’s local storage.
      </p>
    </>
  );
}

export function Analytics({ facts }: { facts: DeploymentFacts }) {
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

export function Payments({ facts }: { facts: DeploymentFacts }) {
  return (
    <>
      {builtParts.cards ? (
        <p>
          Cards are paid on Stripe’s own page: their numbers never reach this server. It keeps the
          amount, the time, Stripe’s ids, the billing details that you gave there, and the card’s
          kind and last four digits.
        </p>
      ) : null}
      {builtParts.crypto ? (
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
          two say to each other. What they say is sealed between them, and this site sends the relay
          nothing about it; your wallet’s app may report a transaction to WalletConnect. Your wallet
          receives this site’s name and address.
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
        When you delete your account, its keys and sessions stop immediately, and your name, address
        and sign-in methods are erased. What stays are figures without a name: the ledger, which the
        law makes us keep, and sums by day.
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
  return builtParts.assistant ? (
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
