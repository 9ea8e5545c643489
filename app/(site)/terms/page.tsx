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
          What you and the operator of this server owe each other, in plain words.
          {mode === "sandbox"
            ? " This is a sandbox: nothing here is sold, and its credits are play money."
            : null}
        </PageHead>
        <Doc
          sections={[
            {
              id: "service",
              title: "The service",
              body: (
                <p>
                  OneKey passes your requests to the provider of the model that you name, and the
                  answers back. The models are the providers’; what they answer is theirs to answer
                  for, and their terms apply to your use of them.
                </p>
              ),
            },
            {
              id: "account",
              title: "Your account and keys",
              body: (
                <DashList
                  items={[
                    "Give an address at which you can be reached, and keep it.",
                    "What is done with your keys counts as done by you, until you revoke them. Revoking holds at once.",
                    `The ${FREE_REQUESTS} free requests, worth at most ${formatUsd(freeCreditsMax)}, are one set a person. Where many accounts come from one network or email domain on one day, further ones get them with the first purchase.`,
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
                    "A credit is a prepaid dollar for requests on this server. It is no money, earns nothing and cannot be passed on.",
                    "Prices are the providers’ list prices as the catalogue has them when a request starts. They may change for later requests.",
                    "A request is charged what it used. Where a stream ends without usage figures, an estimate stands in, never above what was held.",
                    "Ask to have unused credits paid back; what was used, and fees of the payment itself, are not. Your rights as a consumer stay as they are.",
                    "What a payment system takes back, by a dispute or a refund, leaves the balance too.",
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
                    "Break the law, or the usage policy of the provider that answers you.",
                    "Load the service so that others cannot use it, or get around its limits with many accounts.",
                    "Reach for what belongs to someone else. Looking for weaknesses is welcome within the rules of the contact page.",
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
                    The service is given as it is, and providers fail at times. What was charged
                    wrongly is given back. Beyond that the operator answers, as far as the law
                    allows, for no more than what you paid in the twelve months before, and always
                    for intent, gross negligence and harm to people.
                  </p>
                  <p>
                    An account that breaks these terms can be closed, with notice where that is
                    possible. Its unused credits are paid back unless they were obtained by fraud.
                  </p>
                </>
              ),
            },
            {
              id: "changes",
              title: "Changes, and questions",
              body: (
                <p>
                  A change of these terms is told by email 30 days before it holds; if you do not
                  agree, close your account and have unused credits paid back. Questions:{" "}
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
