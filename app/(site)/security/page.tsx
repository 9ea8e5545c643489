import type { Metadata } from "next";
import { Doc, type Section } from "@/components/site/doc";
import { PageHead, SitePage } from "@/components/site/page";
import { StoredTable } from "@/components/site/stored-table";
import { sessionCookieName } from "@/lib/auth/cookie-name";
import { env } from "@/lib/env";
import { publicAddress } from "../../public-address";
import { sourceHref } from "../../source";
import { claims } from "./claims";
import { builtParts, factsOf } from "./facts";
import { Proofs } from "./proofs";
import * as sections from "./sections";
import { storedRows } from "./stored";

export const metadata: Metadata = {
  title: "Security and data handling",
  description:
    "What OneKey stores, what it never stores, and where to check each line in the code.",
  alternates: { canonical: "/security" },
};

export default async function SecurityPage() {
  const facts = factsOf({
    env: env(),
    address: await publicAddress(),
    sessionCookie: sessionCookieName(),
  });
  const all: Section[] = [
    {
      id: "stored",
      title: "What is stored, and what never is",
      short: "What is stored",
      body: (
        <StoredTable rows={storedRows.map((row) => ({ ...row, href: sourceHref(row.file) }))} />
      ),
    },
    { id: "path", title: "What happens to a request", body: <sections.Path facts={facts} /> },
    { id: "row", title: "The record", body: <sections.Row /> },
    { id: "never", title: "What is never logged", body: <sections.Never /> },
    { id: "trust", title: "Try before you trust", body: <sections.Trust facts={facts} /> },
    { id: "transit", title: "Encryption", body: <sections.Encryption facts={facts} /> },
    { id: "keys", title: "API keys", body: <sections.Keys /> },
    { id: "signin", title: "Sign-in and cookies", body: <sections.SignIn facts={facts} /> },
    { id: "analytics", title: "Analytics", body: <sections.Analytics facts={facts} /> },
    ...(builtParts.cards || builtParts.crypto
      ? [{ id: "payments", title: "Payments", body: <sections.Payments facts={facts} /> }]
      : []),
    ...(builtParts.signIn
      ? [{ id: "deletion", title: "Deleting your account", body: <sections.Deletion /> }]
      : []),
    { id: "assistant", title: "Dashboard assistant", body: <sections.Assistant /> },
    { id: "infra", title: "Infrastructure", body: <sections.Infrastructure facts={facts} /> },
    { id: "providers", title: "Provider policies", body: <sections.Policies /> },
    { id: "costs", title: "What it costs", body: <sections.Costs facts={facts} /> },
    { id: "questions", title: "Questions", body: <sections.Questions facts={facts} /> },
  ];
  return (
    <SitePage current="security">
      <div className="wrap">
        <PageHead title="Security and data handling">
          What happens to your data when you use OneKey. No marketing, only the technical facts,
          each with the place in the code where you can check it and the test that proves it.
        </PageHead>
        <Doc
          sections={all.map((section) =>
            claims[section.id] === undefined
              ? section
              : {
                  ...section,
                  body: (
                    <>
                      {section.body}
                      <Proofs section={section.id} />
                    </>
                  ),
                },
          )}
        />
      </div>
    </SitePage>
  );
}
