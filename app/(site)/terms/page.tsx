import type { Metadata } from "next";
import Link from "next/link";
import { DashList, Doc } from "@/components/site/doc";
import { PageHead, SitePage } from "@/components/site/page";
import { FREE_REQUESTS } from "@/lib/accounts/schema";
import { env } from "@/lib/env";
import { formatUsd } from "@/lib/format";

export const metadata: Metadata = {
  title: "Terms",
  description: "What you and the operator of this OneKey server owe each other.",
  alternates: { canonical: "/terms" },
};

export default function TermsPage() {
  const { mode, freeCreditsMax } = env();
  return (
    <SitePage>
      <div className="wrap">
        <PageHead title="Terms">
          What you and the operator of this server agree on, in plain words.
          {mode === "sandbox"
            ? " This is a sandbox: nothing here is sold, and its credits are not real money."
            : null}
        </PageHead>
        <Doc
          sections={[
            {
              id: "service",
              title: "The service",
              body: (
                <p>
                  OneKey sends your requests to the provider of the model that you name and returns
                  its responses. The models belong to the providers, who are responsible for the
                  responses. Their terms apply to your use of the models.
                </p>
              ),
            },
            {
              id: "account",
              title: "Your account and keys",
              body: (
                <DashList
                  items={[
                    "Give an email address at which you can be reached, and keep it up to date.",
                    "You are responsible for what is done with your keys until you revoke them. A revoked key is refused immediately.",
                    `The ${FREE_REQUESTS} free requests, worth at most ${formatUsd(freeCreditsMax)}, are given once to each person. Where many accounts come from one network or email domain on one day, further ones get them with their first purchase.`,
                    "A suspension, and what an account owes, pass to a new account of the same person.",
                  ]}
                />
              ),
            },
            {
              id: "credits",
              title: "Credits",
              body: (
                <DashList
                  items={[
                    "A credit is one prepaid dollar for requests on this server. It is not money, earns no interest and cannot be transferred.",
                    "Prices are the providers’ list prices in the catalog when a request starts. They may change for later requests.",
                    "You are charged what a request used. Where a stream ends without usage figures, you are charged an estimate, which never exceeds what was held.",
                    "You can ask for a refund of unused credits. Used credits and the fees of the payment are not refunded. Your rights as a consumer are not affected.",
                    "An amount that a payment system withdraws, by a dispute or a refund, is deducted from the balance.",
                  ]}
                />
              ),
            },
            {
              id: "use",
              title: "What you may not do",
              body: (
                <DashList
                  items={[
                    "Break the law, or the usage policy of the provider of a model.",
                    "Load the service so that others cannot use it, or avoid its limits with several accounts.",
                    "Access what belongs to others. Looking for vulnerabilities is welcome within the rules of the contact page.",
                  ]}
                />
              ),
            },
            {
              id: "liability",
              title: "When something goes wrong",
              body: (
                <>
                  <p>
                    The service is provided as it is, and providers fail at times. Wrong charges are
                    returned. Beyond that, as far as the law allows, the operator is liable for at
                    most the amount that you paid in the twelve months before, and without that
                    limit for intent, gross negligence and harm to people.
                  </p>
                  <p>
                    The operator may close an account that breaks these terms, with notice where
                    possible. Unused credits are refunded unless they were obtained by fraud.
                  </p>
                </>
              ),
            },
            {
              id: "changes",
              title: "Changes, and questions",
              body: (
                <p>
                  You are informed by email 30 days before a change of these terms applies. If you
                  do not agree, you can close your account and get a refund of unused credits.
                  Questions:{" "}
                  <Link href="/contact" className="link">
                    contact
                  </Link>
                  .
                </p>
              ),
            },
          ]}
        />
      </div>
    </SitePage>
  );
}
