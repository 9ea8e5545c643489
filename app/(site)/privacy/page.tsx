import type { Metadata } from "next";
import Link from "next/link";
import { CookieSettings } from "@/components/site/cookie-settings";
import { DashList, Doc } from "@/components/site/doc";
import { PageHead, SitePage } from "@/components/site/page";
import { Rows } from "@/components/site/rows";
import { sessionCookieName } from "@/lib/auth/cookie-name";
import { env } from "@/lib/env";
import { listProviders } from "@/lib/providers";
import { publicAddress } from "../../public-address";
import { factsOf } from "../security/facts";
import { Analytics, Questions, SignIn } from "../security/sections";
import { storedRows } from "../security/stored";

export const metadata: Metadata = {
  title: "Privacy",
  description: "What personal data OneKey processes, why, for how long, and who else receives it.",
  alternates: { canonical: "/privacy" },
};

export default async function PrivacyPage() {
  const facts = factsOf({
    env: env(),
    address: await publicAddress(),
    sessionCookie: sessionCookieName(),
  });
  const recipients = facts.infrastructure.flatMap(({ provider, purpose }) =>
    provider === null ? [] : [[provider, purpose]],
  );
  return (
    <SitePage>
      <div className="wrap">
        <PageHead title="Privacy">
          Which personal data this server processes, why, for how long, and who else receives it.
          The security page has the technical details, with the code and the tests.
        </PageHead>
        <Doc
          sections={[
            {
              id: "content",
              title: "The content of your requests",
              body: (
                <p>
                  It passes through memory to the provider of the model that you name, and the
                  response passes back. It is not stored, not logged and not used for anything else.
                  At the provider, the provider’s policy applies.
                </p>
              ),
            },
            {
              id: "kept",
              title: "What is stored",
              body: (
                <>
                  <p>
                    To provide your account, to bill what you use, and to keep the service secure.
                    Nothing is sold.
                  </p>
                  <Rows
                    caption="What is stored, and for how long"
                    heads={["About", "What"]}
                    rows={storedRows.map(({ topic, stored }) => [topic, stored])}
                  />
                  <p>
                    Your account is stored until you delete it. The ledger of payments is stored as
                    long as the law requires.
                  </p>
                </>
              ),
            },
            {
              id: "recipients",
              title: "Who else receives it",
              body: (
                <>
                  <p>
                    The provider of a model receives the content of your requests to it. In
                    addition, on this server:
                  </p>
                  <Rows
                    caption="Recipients"
                    heads={["Recipient", "What for"]}
                    rows={[
                      ...listProviders().map(({ policy: { name, href, policy } }) => [
                        name,
                        <span key={href}>
                          Serves its models (
                          <a href={href} className="link" rel="noreferrer">
                            {policy}
                          </a>
                          )
                        </span>,
                      ]),
                      ...recipients,
                    ]}
                  />
                </>
              ),
            },
            {
              id: "cookies",
              title: "Cookies and statistics",
              body: (
                <>
                  <SignIn facts={facts} />
                  <Analytics facts={facts} />
                  {facts.analytics ? <CookieSettings /> : null}
                </>
              ),
            },
            {
              id: "rights",
              title: "Your rights",
              body: (
                <>
                  <p>You can ask for each of these. The contact is below.</p>
                  <DashList
                    items={[
                      "A copy of what is stored about you",
                      "A correction of what is wrong",
                      "The deletion of your account: your keys stop working immediately, and what identifies you is removed from the records that the law requires",
                      "No more statistics: withdraw your consent where you gave it",
                      "A complaint to the authority for data protection where you live",
                    ]}
                  />
                </>
              ),
            },
            {
              id: "questions",
              title: "Who is responsible",
              body: (
                <>
                  <p>
                    The operator of this server is responsible for what it processes. See also the{" "}
                    <Link href="/terms" className="link">
                      terms
                    </Link>
                    .
                  </p>
                  <Questions facts={facts} />
                </>
              ),
            },
          ]}
        />
      </div>
    </SitePage>
  );
}
