import type { Metadata } from "next";
import Link from "next/link";
import { DashList, Doc } from "@/components/site/doc";
import { PageHead, SitePage } from "@/components/site/page";
import { env } from "@/lib/env";

export const metadata: Metadata = {
  title: "Contact",
  description: "Questions about OneKey, and how to report a vulnerability.",
  alternates: { canonical: "/contact" },
};

export default function ContactPage() {
  const { contactEmail, sourceUrl } = env();
  return (
    <SitePage>
      <div className="wrap">
        <PageHead title="Contact">
          {contactEmail === null
            ? "This server has no address for mail. Here is what you can do."
            : "A person reads what you write."}
        </PageHead>
        <Doc
          sections={[
            {
              id: "questions",
              title: "Questions",
              body: (
                <>
                  <Write address={contactEmail} />
                  <p>
                    About a request, send its id (x-onekey-request-id) and never its content. Never
                    send a key: nobody who answers you needs one. Rotate a key that was sent.
                  </p>
                </>
              ),
            },
            {
              id: "report",
              title: "Report a vulnerability",
              body: (
                <>
                  {contactEmail === null ? (
                    <p>
                      {sourceUrl === null
                        ? "Report it to whoever runs this server, in private."
                        : "Report it in private through the repository: "}
                      {sourceUrl === null ? null : (
                        <a href={sourceUrl} className="link">
                          {sourceUrl}
                        </a>
                      )}
                    </p>
                  ) : (
                    <p>
                      Write to <Mail address={contactEmail} />. Say what you found and how to
                      reproduce it.
                    </p>
                  )}
                  <DashList
                    items={[
                      "Use your own account, or your own server: the sandbox starts with two commands and contains nothing real.",
                      "Stop at the proof. Do not read, change or keep what belongs to others, and do not load the service.",
                      "Give us time to fix it before you publish it. We let you know when it is fixed, and thank you by name if you like.",
                    ]}
                  />
                  <p>
                    The{" "}
                    <Link href="/security" className="link">
                      security page
                    </Link>{" "}
                    lists what the code promises, with the file and the test of each promise.
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

function Mail({ address }: { address: string }) {
  return (
    <a href={`mailto:${address}`} className="link">
      {address}
    </a>
  );
}

/** Whom to write to, or where to look where the operator has given no address. */
function Write({ address }: { address: string | null }) {
  if (address !== null)
    return (
      <p>
        Write to <Mail address={address} />.
      </p>
    );
  return (
    <p>
      The operator has not set an address (CONTACT_EMAIL). See the{" "}
      <Link href="/docs" className="link">
        docs
      </Link>
      , the{" "}
      <Link href="/docs/errors" className="link">
        meaning of an error
      </Link>{" "}
      and the{" "}
      <Link href="/status" className="link">
        status of the service
      </Link>
      .
    </p>
  );
}
