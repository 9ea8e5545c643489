import type { Metadata } from "next";
import Link from "next/link";
import { DashList, Doc } from "@/components/site/doc";
import { PageHead, SitePage } from "@/components/site/page";
import { env } from "@/lib/env";

export const metadata: Metadata = {
  title: "Contact",
  description: "Questions about OneKey, and how to report a weakness.",
  alternates: { canonical: "/contact" },
};

export default function ContactPage() {
  const { contactEmail } = env();
  const address =
    contactEmail === null ? (
      "the operator of this server"
    ) : (
      <a href={`mailto:${contactEmail}`} className="link">
        {contactEmail}
      </a>
    );
  return (
    <SitePage>
      <div className="wrap">
        <PageHead title="Contact">A person reads what you write.</PageHead>
        <Doc
          sections={[
            {
              id: "questions",
              title: "Questions",
              body: (
                <>
                  <p>
                    Write to {address}. About one request, send its id (x-onekey-request-id), never
                    its content.
                  </p>
                  <p>
                    Never send a key. Nobody who answers you needs one; a key that was sent should
                    be regenerated.
                  </p>
                </>
              ),
            },
            {
              id: "report",
              title: "Report a weakness",
              body: (
                <>
                  <p>Write to {address} with what you found and how to see it happen.</p>
                  <DashList
                    items={[
                      "Use your own account, or a server of your own: the sandbox starts with two commands and holds nothing real.",
                      "Stop at the proof. Do not read, change or keep what belongs to someone else, and do not load the service down.",
                      "Give us time to mend it before you publish it. We tell you when it is mended, and thank you by name if you like.",
                    ]}
                  />
                  <p>
                    What the code promises, with the file and the test of each promise, is on the{" "}
                    <Link href="/security" className="link">
                      security page
                    </Link>
                    .
                  </p>
                </>
              ),
            },
          ]}
        />
      </div>
    </SitePage>
  );
}
