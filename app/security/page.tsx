import type { Metadata } from "next";
import type { ReactNode } from "react";
import { DashList, Doc, type Section } from "@/components/site/doc";
import { PageHead, SitePage } from "@/components/site/page";
import { RequestPath } from "@/components/site/request-path";
import { StoredTable } from "@/components/site/stored-table";
import { Table, Td, Th } from "@/components/ui/table";
import { env } from "@/lib/env";
import { RETENTION_DAYS } from "@/lib/usage/schema";
import { publicAddress } from "../public-address";
import { built, factsOf } from "./facts";
import { policies, record, storedRows } from "./rows";

export const metadata: Metadata = {
  title: "Security and data handling",
  description: "What OneKey stores, what it never stores, and where to check each line in the code.",
};

export default async function SecurityPage() {
  const facts = factsOf(env(), await publicAddress());
  return (
    <SitePage current="security">
      <div className="wrap">
        <PageHead title="Security and data handling">
          What happens to your data when you use OneKey. No marketing, only the technical facts, each with the place in
          the code where you can check it.
        </PageHead>
        <Doc sections={sectionsOf(facts)} />
      </div>
    </SitePage>
  );
}

type Facts = ReturnType<typeof factsOf>;

function sectionsOf(facts: Facts): Section[] {
  return [
    {
      id: "stored",
      title: "What is stored, and what never is",
      short: "What is stored",
      body: <StoredTable rows={storedRows} />,
    },
    { id: "path", title: "What happens to a request", body: <Path facts={facts} /> },
    { id: "row", title: "The record", body: <Row /> },
    { id: "trust", title: "Try before you trust", body: <Trust facts={facts} /> },
    {
      id: "transit",
      title: "Encryption",
      body: (
        <Rows
          heads={["Hop", "How"]}
          rows={[
            ["Client to OneKey", facts.toClient],
            ["OneKey to provider", facts.toProvider],
            ["At rest", facts.database.atRest],
          ]}
        />
      ),
    },
    { id: "keys", title: "API keys", body: <Keys /> },
    { id: "signin", title: "Sign-in and cookies", body: <SignIn /> },
    { id: "assistant", title: "Dashboard assistant", body: <Assistant /> },
    { id: "infra", title: "Infrastructure", body: <Infrastructure facts={facts} /> },
    { id: "providers", title: "Provider policies", body: <Policies /> },
    { id: "questions", title: "Questions", body: <Questions /> },
  ];
}

function Path({ facts }: { facts: Facts }) {
  return (
    <>
      <p>
        OneKey is a pass-through that keeps no state of a conversation. At no point is the content of your request or
        response written to disk, database or log file.
      </p>
      <RequestPath />
      <p>
        A missing, malformed, revoked or regenerated key is refused before any provider is contacted. A server may
        remember which account a key belonged to, and that authorises nothing: the write that holds the credits requires
        that the key is the project’s current one, so a revoked key stops at once, on every server.
      </p>
      <p>
        The body is read in memory for the fields that route and price it, such as the model and the token limit, and
        forwarded as the bytes that came. A request that cannot be priced is refused, never repaired.
        {facts.includesUsage
          ? " The operator of this server has chosen one exception: where a chat stream does not ask for its usage, that one field is added, and the extra chunk is taken out again."
          : null}
      </p>
      <p>
        Of your headers, only those that a provider needs go on; cookies, addresses and your key stay here. Check{" "}
        <code className="font-mono text-sm">lib/gateway/headers.ts</code>.
      </p>
    </>
  );
}

function Row() {
  return (
    <>
      <p>
        Every request that is forwarded leaves one row. It exists for one reason, billing accuracy, and is kept for{" "}
        {RETENTION_DAYS} days.
      </p>
      <Rows heads={["Field", "Example"]} rows={record.map(({ field, example }) => [field, example])} />
      <p className="text-muted">
        If a stream ends without usage figures, tokens are estimated in memory, the row is marked{" "}
        <code className="font-mono text-sm">estimated</code>, and the charge never exceeds what was held.
      </p>
    </>
  );
}

function Trust({ facts }: { facts: Facts }) {
  return (
    <p>
      An account starts with {facts.freeRequests} free requests, on every model, together worth at most{" "}
      {facts.freeWorth} at list price. No card needed. Send one and compare it with the provider’s own answer.
    </p>
  );
}

function Keys() {
  return (
    <DashList
      items={[
        "A key belongs to one project. You can have many projects.",
        "It is shown once, when it is made. It cannot be recovered.",
        "Revoking or regenerating stops the old key at once. A request that was already under way still ends.",
        "Every request is authenticated before it reaches a provider.",
        "A checksum is part of the key, so a mistyped one is refused without a look at the database.",
      ]}
    />
  );
}

function SignIn() {
  return (
    <>
      {built.signIn ? (
        <p>
          Google (One Tap and redirect), GitHub, or a link by email, as far as this server has them set up. No passwords
          are stored. The session token is SHA-256 hashed; its cookie is httpOnly, Secure on https and SameSite=Lax, and
          expires after 7 days. Expired sessions are purged by a TTL index.
        </p>
      ) : (
        <p>
          There is no sign-in in this version: the operator makes accounts and keys on the command line. No passwords
          are stored, and these pages set no cookie.
        </p>
      )}
      <p>
        {built.signIn ? "The session cookie is the only cookie that is always there. " : null}
        Your choice of a light or dark page stays in your browser’s local storage.{" "}
        {built.analytics
          ? "Google Analytics 4 loads only after you accept statistics in Cookiebot. Without consent no analytics cookie is set and no data is sent."
          : "There are no analytics: no script, no cookie, no request to anyone else."}
      </p>
    </>
  );
}

function Assistant() {
  return built.assistant ? (
    <p>
      The assistant is powered by Anthropic (Claude). What you type is sent to Anthropic for an answer, under its policy
      for API data: no training. It has read-only tools for your own balance, usage, projects and prices, and none that
      writes. Its conversations are separate from your API requests and are not stored.
    </p>
  ) : (
    <p>There is no assistant in this version, so nothing is sent to one.</p>
  );
}

function Infrastructure({ facts }: { facts: Facts }) {
  return (
    <>
      <p>
        As this server is set up
        {facts.sandbox ? ": a sandbox, in which everything is local and the money is play money" : ""}.
      </p>
      <Rows
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

function Policies() {
  return (
    <>
      <p>
        The content of a request falls under the policy of the provider that answers it, as if you had called its API
        directly. OneKey does not modify or cache it.
      </p>
      <Rows
        heads={["Provider", "Trains on API data", "Policy"]}
        rows={policies.map(({ provider, trains, policy, href }) => [
          provider,
          trains,
          <a key={href} href={href} className="link" rel="noreferrer">
            {policy}
          </a>,
        ])}
      />
      <p className="text-muted">What providers say of themselves, as of November 2026. Their pages decide.</p>
    </>
  );
}

function Questions() {
  const from = built.signIn ? /[^\s<>]+@[^\s<>]+/.exec(env().resend?.from ?? "")?.[0] : undefined;
  return from === undefined ? (
    <p>Ask the operator of this server.</p>
  ) : (
    <p>
      Write to{" "}
      <a href={`mailto:${from}`} className="link">
        {from}
      </a>
      .
    </p>
  );
}

function Rows({ heads, rows }: { heads: string[]; rows: ReactNode[][] }) {
  return (
    <Table size="page" edge="flush">
      <thead>
        <tr>
          {heads.map((head) => (
            <Th key={head}>{head}</Th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((cells, row) => (
          <tr key={row}>
            {cells.map((cell, index) => (
              <Td key={heads[index]} className={index === 0 ? "md:whitespace-nowrap md:pr-8" : "tabular-nums"}>
                {cell}
              </Td>
            ))}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
